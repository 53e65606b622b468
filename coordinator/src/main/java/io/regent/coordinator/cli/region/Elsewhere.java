package io.regent.coordinator.cli.region;

import io.regent.sql.gtid.GtidSet;
import java.util.List;

/**
 * What the other regions have, as those say that answer.
 *
 * @param executed all that they executed
 * @param saved what is saved as rows of {@code regent.stranded}
 * @param unasked those that did not answer: what they reported once counts for nothing, for they may be gone for good
 */
record Elsewhere(GtidSet executed, GtidSet saved, List<String> unasked) {
    /** Copies the list. */
    Elsewhere {
        unasked = List.copyOf(unasked);
    }
}

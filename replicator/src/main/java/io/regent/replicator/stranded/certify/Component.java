package io.regent.replicator.stranded.certify;

import io.regent.sql.gtid.Gtid;
import java.util.List;
import java.util.Optional;

/**
 * Stranded transactions that stand or fall together.
 *
 * @param members in the order in which they were written
 * @param reason why they are held, one sentence; none if they may be released
 */
public record Component(List<Gtid> members, Optional<String> reason) {
    public Component {
        members = List.copyOf(members);
    }

    /** Whether it is certified. */
    public boolean isClean() {
        return reason.isEmpty();
    }
}

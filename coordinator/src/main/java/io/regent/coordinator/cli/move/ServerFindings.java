package io.regent.coordinator.cli.move;

import io.regent.sql.blocker.Blocker;
import io.regent.sql.preflight.Concern;
import java.util.List;

/**
 * What the servers of a move say against it.
 *
 * @param concerns all but sessions
 * @param blockers sessions at the master that would hold the closing up
 */
public record ServerFindings(List<Concern> concerns, List<Blocker> blockers) {
    /** Copies the lists. */
    public ServerFindings {
        concerns = List.copyOf(concerns);
        blockers = List.copyOf(blockers);
    }
}

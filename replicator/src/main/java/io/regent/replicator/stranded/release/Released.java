package io.regent.replicator.stranded.release;

import io.regent.sql.gtid.Gtid;
import java.util.List;
import java.util.Optional;

/**
 * What came of a release.
 *
 * @param members the transactions of the component, in their order
 * @param as the new transaction that holds them all; none if nothing was released, or if its identity could not be told
 * @param refused why nothing was released; none if it was
 * @param again whether the same call may succeed later (a lock, say)
 */
public record Released(List<Gtid> members, Optional<Gtid> as, Optional<String> refused, boolean again) {
    public Released {
        members = List.copyOf(members);
    }

    static Released refused(List<Gtid> members, String why, boolean again) {
        return new Released(members, Optional.empty(), Optional.of(why), again);
    }

    /** Whether they are written anew. */
    public boolean done() {
        return refused.isEmpty();
    }
}

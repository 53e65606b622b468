package io.regent.sql.fence;

import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What closing a server came to.
 *
 * @param mode how it was closed
 * @param sealed confirmed SEALED: by the OK of the own statement and by both variables, twice
 * @param revoked whether no lease row holds a nonce any more
 * @param evicted whether clients were thrown out
 * @param stable whether variables, prepared XA transactions and executed set were the same when read once more
 * @param prepared prepared XA transactions that are left; with any the server stays in {@code offline_mode}
 * @param executed the executed set, read after the seal was confirmed; meaningless unless {@code sealed}
 * @param took from the call to the confirmation
 * @param problems what went wrong on the way, in words
 */
public record ClosingReport(
        ClosingMode mode,
        boolean sealed,
        boolean revoked,
        boolean evicted,
        boolean stable,
        List<PreparedXa> prepared,
        GtidSet executed,
        Duration took,
        List<String> problems) {
    /** Copies the lists. */
    public ClosingReport {
        prepared = List.copyOf(prepared);
        problems = List.copyOf(problems);
    }

    /**
     * Whether the region may give its mastership up with this set: nothing can be committed here any more, by nobody
     * (PROTOCOL.md, "Giving up").
     */
    public boolean isReleasable() {
        return sealed && revoked && stable && prepared.isEmpty();
    }

    /** Why it is not releasable, and what went wrong on the way; empty if it is. */
    public String unreleasable() {
        if (isReleasable()) {
            return "";
        }
        List<String> reasons = new ArrayList<>();
        if (!sealed) {
            reasons.add("it is not confirmed as SEALED");
        }
        if (!revoked) {
            reasons.add("the lease rows are not revoked");
        }
        if (sealed && !stable) {
            reasons.add("it did not come to rest");
        }
        if (!prepared.isEmpty()) {
            reasons.add("prepared XA transactions are left: " + prepared + ", commit them or roll them back");
        }
        reasons.addAll(problems);
        return String.join("; ", reasons);
    }
}

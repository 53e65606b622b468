package io.regent.coordinator.cli.mastership;

import io.regent.failover.history.LossStatement;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Plan;
import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/** What became of an ordered failover once a region is open in a later epoch. Pure. */
final class FailoverEnd {
    private FailoverEnd() {}

    /** Why it is not what was ordered; empty if it is. Whoever was named may have given up, and another came after it. */
    static String problem(Plan plan, ClusterState now) {
        String open = now.master().value().region();
        String wanted = plan.to();
        if (wanted != null && !wanted.equals(open)) {
            return wanted + " was ordered, and " + open + " is master: 'dbctl why' tells why";
        }
        Ended left = now.history().get(plan.epoch());
        return left != null && left.region().equals(open)
                ? open + " was to be left, and it is master again: 'dbctl why' tells why"
                : "";
    }

    /** What is outside history now and was not in the epoch of the order, over all epochs that came between. */
    static GtidSet lost(Plan plan, ClusterState now) {
        GtidSet lost = LossStatement.of(now).lost();
        Ended left = now.history().get(plan.epoch());
        @Nullable GtidSet before = left == null ? null : left.cut();
        @Nullable GtidSet cut = now.master().value().cut();
        return before == null || cut == null
                ? lost
                : lost.union(before.subtract(cut).subtract(now.voided()));
    }
}

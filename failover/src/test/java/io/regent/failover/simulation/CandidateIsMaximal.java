package io.regent.failover.simulation;

import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.decide.Candidates;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.sql.gtid.GtidSet;
import java.util.Map;

/**
 * Whoever takes over names no region while another one that is fit, and was not named in vain more lately, had reported a
 * strictly larger set. An operator may order otherwise.
 */
final class CandidateIsMaximal {
    private CandidateIsMaximal() {}

    /** @param seen what the observer went by */
    static void attempts(ClusterState seen, ChangeMaster change) {
        String named = change.to().region();
        boolean takesOver = change.to().epoch() > change.from().value().epoch()
                && change.to().cut() == null;
        if (takesOver && !isOrdered(seen, named)) {
            seen.regions().stream()
                    .filter(rival -> isRival(seen, named, rival))
                    .findFirst()
                    .ifPresent(rival -> {
                        throw new Violation(
                                "CandidateIsMaximal",
                                named + " is named in epoch " + change.to().epoch() + " with " + executed(seen, named)
                                        + ", and " + rival.region() + " had reported "
                                        + executed(seen, rival.region()));
                    });
        }
    }

    private static boolean isOrdered(ClusterState seen, String named) {
        return seen.orders(Plan.Kind.FAILOVER)
                .anyMatch(order -> named.equals(order.value().to()));
    }

    private static boolean isRival(ClusterState seen, String named, RegionState rival) {
        Map<String, Long> inVain = History.inVain(seen);
        GtidSet more = executed(seen, rival.region());
        GtidSet less = executed(seen, named);
        return !rival.region().equals(seen.master().value().region())
                && Candidates.isFit(seen, rival)
                && inVain.getOrDefault(rival.region(), 0L) <= inVain.getOrDefault(named, 0L)
                && more.contains(less)
                && !less.contains(more);
    }

    private static GtidSet executed(ClusterState seen, String region) {
        var report = seen.region(region).report();
        return report == null ? GtidSet.EMPTY : report.value().executed();
    }
}

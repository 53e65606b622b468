package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.EndBlockers;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import io.regent.failover.model.Znode;
import io.regent.failover.view.Blocker;
import io.regent.failover.view.LocalState;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of clients' work that would hold the closing up, before a move announces that it closes: it is waited for;
 * then it is killed, or the move is called off, as was ordered. Until then everybody writes on.
 */
public final class Draining {
    private Draining() {}

    /** Whether a region's coordinator is to look for such work: it may have to close soon, for a move that regards it. */
    public static boolean isWatchedBy(String region, ClusterState cluster) {
        return cluster.master().value().names(region)
                && cluster.master().value().closing() == null
                && cluster.ordered(Plan.Kind.MOVE)
                        .filter(plan -> plan.drain() != null && !region.equals(plan.to()))
                        .isPresent();
    }

    /** Whether the move must not close yet. */
    static boolean isBlocked(Plan plan, LocalState local) {
        return plan.drain() != null && !local.blockers().isEmpty();
    }

    /** What is to be done about a move that is held up; null if it is to wait. */
    static @Nullable Decision decide(Situation now, Plan plan, LocalState local) {
        Drain drain = Objects.requireNonNull(plan.drain());
        Znode<Plan> node = Objects.requireNonNull(now.cluster().plans().get(plan.id()));
        boolean waits = now.view()
                        .memory()
                        .sincePlan(plan.id(), node.version(), now.at())
                        .compareTo(drain.patience())
                < 0;
        if (waits) {
            return null;
        }
        if (!drain.kill()) {
            return now.act(
                    "calls " + plan.id() + " off: " + told(local),
                    new WritePlan(now.masterNode().version(), plan.calledOff(), node.version()));
        }
        List<Long> alive = local.blockers().stream()
                .filter(held -> !held.ending())
                .map(Blocker::session)
                .toList();
        return alive.isEmpty() ? null : now.act("ends what holds the move up: " + told(local), new EndBlockers(alive));
    }

    /** What holds a move up, for people. */
    static String told(LocalState local) {
        return local.blockers().stream().map(Blocker::what).collect(Collectors.joining("; "));
    }
}

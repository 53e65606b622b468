package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Sight;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator of a former version makes of what it sees: it knows nothing of operators' wishes, hold-offs, what
 * regions say of each other, orders that end, and what is on the disk of a dead server, and says nothing of these.
 */
final class Former {
    private static final Znode<Policy> NO_WISHES =
            new Znode<>(Policy.NONE.withHoldOff(new HoldOff(Duration.ZERO, Duration.ZERO)), -1);

    private Former() {}

    static ClusterState reads(ClusterState cluster) {
        Map<String, Znode<Plan>> plans = new HashMap<>();
        cluster.plans().forEach((id, node) -> plans.put(id, new Znode<>(endless(node.value()), node.version())));
        return new ClusterState(
                cluster.master(),
                cluster.regions().stream().map(Former::region).toList(),
                cluster.history(),
                Map.copyOf(plans),
                cluster.verdicts(),
                cluster.origins(),
                NO_WISHES);
    }

    private static Plan endless(Plan plan) {
        return new Plan(plan.id(), plan.kind(), plan.epoch(), plan.to(), plan.union(), plan.aborted());
    }

    private static RegionState region(RegionState state) {
        Znode<Report> report = state.report();
        return new RegionState(
                state.region(),
                state.lease(),
                report == null ? null : new Znode<>(undead(report.value()), report.version()),
                state.present());
    }

    private static Report undead(Report report) {
        return report.state() != WriteState.DEAD
                ? report
                : new Report(
                        report.epoch(),
                        report.openedEpoch(),
                        report.executed(),
                        WriteState.UNREACHABLE,
                        report.settled(),
                        report.forgotten());
    }

    static OwnServer sees(OwnServer own) {
        return own.sight() == Sight.DEAD ? OwnServer.DEAD : own;
    }

    /** What a coordinator of either version makes of a look. */
    static @Nullable ClusterState reads(boolean former, @Nullable ClusterState cluster) {
        return former && cluster != null ? reads(cluster) : cluster;
    }
}

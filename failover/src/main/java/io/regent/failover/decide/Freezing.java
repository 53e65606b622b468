package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.Memory;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Freezes the union that the candidate of an epoch without a cut is to execute: what every present region that recorded
 * the epoch published, and what the disk of a dead master holds, within what was deliverable before. Computed anew when a
 * source is lost on the way, or when the candidate executed more than the union holds.
 */
class Freezing implements Rule {
    private static final int FROM_DISK = 4;

    @Override
    public @Nullable Decision decide(Situation now) {
        if (now.master().cut() != null
                || now.master().released()
                || now.master().closing() != null) {
            return null;
        }
        ClusterState cluster = now.cluster();
        Report candidate = recorded(cluster, cluster.region(now.master().region()));
        if (candidate == null || !isOurTurn(now)) {
            return null;
        }
        Znode<Plan> plan = cluster.union();
        if (plan == null) {
            return freeze(now, union(cluster, true), -1, "freezes the union");
        }
        GtidSet frozen = plan.value().union();
        GtidSet union = union(cluster, false);
        if (frozen == null || frozen.equals(union) || !isDue(now, plan, frozen, candidate)) {
            return null;
        }
        return freeze(now, union, plan.version(), "freezes the union anew");
    }

    /** When all who are present have published, or the time for it is over; observers one after the other. */
    private static boolean isOurTurn(Situation now) {
        ClusterState cluster = now.cluster();
        Memory memory = now.view().memory();
        Duration passed = memory.sinceEpoch(cluster, now.at());
        boolean all = cluster.regions().stream()
                .allMatch(region ->
                        !region.present() || recorded(cluster, region) != null || isDeadHolder(cluster, region));
        return passed.compareTo(
                        all ? now.turn() : now.timing().patience().union().plus(now.turn()))
                >= 0;
    }

    /** The region that gave up with proof of death: nothing is published while its mysqld is down. */
    private static boolean isDeadHolder(ClusterState cluster, RegionState region) {
        Ended before = cluster.history().get(cluster.epoch() - 1);
        Znode<Report> report = region.report();
        return before != null
                && before.released()
                && before.region().equals(region.region())
                && report != null
                && report.value().state() == WriteState.UNREACHABLE;
    }

    private boolean isDue(Situation now, Znode<Plan> plan, GtidSet frozen, Report candidate) {
        ClusterState cluster = now.cluster();
        String region = now.master().region();
        GtidSet executed = History.of(cluster).within(region, candidate.executed(), candidate.openedEpoch());
        if (!frozen.contains(executed)) {
            return true;
        }
        return isAtAStandstill(now, plan) && !union(cluster, false).contains(frozen);
    }

    /**
     * As long as the candidate fetches something, what it lacks may still come. From a disk it may be one transaction that
     * takes long; of what is left out there, nobody else has anything.
     */
    private static boolean isAtAStandstill(Situation now, Znode<Plan> plan) {
        Memory memory = now.view().memory();
        String region = now.master().region();
        Znode<Report> report = now.cluster().region(region).report();
        boolean salvages = now.cluster().regions().stream()
                .map(RegionState::report)
                .anyMatch(one -> one != null && one.value().state() == WriteState.DEAD);
        Duration patience = now.timing().patience().union().multipliedBy(salvages ? FROM_DISK : 1);
        return memory.sincePlan(plan.value().id(), plan.version(), now.at()).compareTo(patience) >= 0
                && report != null
                && memory.sinceReport(region, report.version(), now.at()).compareTo(patience) >= 0;
    }

    /**
     * @param unreachable whether a mysqld counts that published and does not answer now: at first it may come back, or its
     *     coordinator may hand out what is on its disk; later nothing can be fetched from it
     */
    private GtidSet union(ClusterState cluster, boolean unreachable) {
        History history = History.of(cluster);
        GtidSet union = GtidSet.EMPTY;
        for (RegionState region : cluster.regions()) {
            Report report = recorded(cluster, region);
            boolean source = report != null
                    && region.present()
                    && (unreachable
                            || report.state().answers()
                            || cluster.master().value().names(region.region()));
            if (report != null && source) {
                union = union.union(part(history, region.region(), report));
            }
        }
        return union;
    }

    GtidSet part(History history, String region, Report report) {
        return history.within(region, report.executed(), report.openedEpoch());
    }

    private static @Nullable Report recorded(ClusterState cluster, RegionState region) {
        Znode<Report> report = region.report();
        return report != null && report.value().epoch() == cluster.epoch() ? report.value() : null;
    }

    private static Decision freeze(Situation now, GtidSet union, int version, String why) {
        Plan plan = Plan.union(now.master().epoch(), now.master().region(), union);
        return now.act(
                why + " of epoch " + plan.epoch(),
                new WritePlan(now.masterNode().version(), plan, version));
    }
}

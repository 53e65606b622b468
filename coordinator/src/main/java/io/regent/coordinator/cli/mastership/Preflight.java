package io.regent.coordinator.cli.mastership;

import io.regent.failover.history.History;
import io.regent.failover.history.Numbers;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a move can begin, from one look at ZooKeeper. The master checks again before it closes.
 *
 * @param problems why it cannot; empty if it can
 * @param notes what an operator should know before
 * @param lacks how many transactions the region lacks, as both last reported
 */
record Preflight(List<String> problems, List<String> notes, long lacks) {
    /** Reports are always a little old; fewer than this are no news under load. */
    private static final long NOTEWORTHY = 100;

    /**
     * Checks.
     *
     * @param to the region that is to become master; one of the cluster, and not its master
     * @param lag how far behind a region may be for the master to close
     */
    static Preflight of(ClusterState cluster, String to, Duration lag) {
        List<String> problems = new ArrayList<>();
        Master master = cluster.master().value();
        holder(cluster, problems);
        otherPlan(cluster, to).ifPresent(problems::add);
        target(cluster, cluster.region(to), problems);
        long lacks = executed(cluster, master.region())
                .subtract(executed(cluster, to))
                .count();
        List<String> notes = lacks < NOTEWORTHY
                ? List.of()
                : List.of(to + " lacked " + lacks + " transactions when it last reported: " + master.region()
                        + " takes writes until " + to + " is less than " + lag.toMillis() + " ms behind, then closes");
        return new Preflight(List.copyOf(problems), notes, lacks);
    }

    private static void holder(ClusterState cluster, List<String> problems) {
        Master master = cluster.master().value();
        RegionState holder = cluster.region(master.region());
        String name = holder.region();
        if (master.released()) {
            problems.add(name + " gave up epoch " + master.epoch() + ": a failover is under way");
        } else if (master.cut() == null) {
            problems.add("the history of epoch " + master.epoch() + " is not known yet: a failover is under way");
        } else if (!holder.lease().value().openedIn(master.epoch())) {
            problems.add(name + " is master and not open: only an open master can hand over");
        } else if (!holder.present()) {
            problems.add("no coordinator of " + name + " has a session with ZooKeeper: only it can hand over");
        }
    }

    private static Optional<String> otherPlan(ClusterState cluster, String to) {
        Optional<Plan> failover = cluster.ordered(Plan.Kind.FAILOVER);
        if (failover.isPresent()) {
            return Optional.of(
                    "an operator ordered a failover, " + failover.get().id());
        }
        Optional<Plan> move = cluster.ordered(Plan.Kind.MOVE);
        if (move.isPresent()) {
            return to.equals(move.get().to())
                    ? Optional.empty()
                    : Optional.of("a move to " + move.get().to() + " is under way, "
                            + move.get().id());
        }
        String closing = cluster.master().value().closing();
        return Optional.ofNullable(closing).map(plan -> cluster.master().value().region() + " closes for " + plan);
    }

    static void target(ClusterState cluster, RegionState region, List<String> problems) {
        String name = region.region();
        if (cluster.policy().value().spares(name)) {
            problems.add(name + " is in maintenance ('dbctl maintenance " + name + " --off' ends that)");
        }
        if (!region.present()) {
            problems.add("no coordinator of " + name + " has a session with ZooKeeper");
        }
        Znode<Report> node = region.report();
        if (node == null) {
            problems.add(name + " never reported");
            return;
        }
        Report report = node.value();
        if (report.state() != WriteState.STANDBY) {
            problems.add("the MySQL of " + name + " is " + report.state() + ", not STANDBY");
        }
        if (report.epoch() != cluster.epoch()) {
            problems.add(name + " lives in epoch " + report.epoch() + ", the cluster in " + cluster.epoch());
        }
        GtidSet beyond = History.of(cluster).outside(name, report.executed(), report.openedEpoch());
        if (!beyond.isEmpty()) {
            problems.add(name + " has diverged: it executed " + beyond.count() + " transactions outside history ("
                    + beyond + ")");
        }
        long verdict = cluster.master().value().verdict();
        if (report.settled() < verdict) {
            problems.add(name + " has settled verdicts up to " + report.settled() + ", the cluster has " + verdict);
        }
        if (!report.forgotten().isEmpty()) {
            problems.add(name + " cannot be master: " + Numbers.wentBack(name, report.forgotten()));
        }
    }

    /** What a region reported that it executed. */
    static GtidSet executed(ClusterState cluster, String region) {
        Znode<Report> report = cluster.region(region).report();
        return report == null ? GtidSet.EMPTY : report.value().executed();
    }
}

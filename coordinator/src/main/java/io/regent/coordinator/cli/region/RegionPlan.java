package io.regent.coordinator.cli.region;

import io.regent.failover.history.History;
import io.regent.failover.history.Numbers;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What would be done to a region's server, and why it cannot be. Pure.
 *
 * @param problems why nothing is done; empty if it can be
 * @param notes what an operator should know before
 * @param loss what would be nowhere then
 * @param copied whether its data is a copy of another region's already, so that only the last steps are left
 */
record RegionPlan(List<String> problems, List<String> notes, Loss loss, boolean copied) {
    /** MySQL's own rule for a clone. */
    private static final long SMALLEST_PACKET = 2L << 20;

    /** Copies the lists. */
    RegionPlan {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** Of a rebuild of the target from the source. */
    static RegionPlan rebuild(
            ClusterState cluster, RegionServer target, RegionServer source, Elsewhere elsewhere, OptionalLong lose) {
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        cluster(cluster, target.region(), problems);
        target(target, problems);
        source(cluster, target, source, problems);
        Loss loss = Loss.of(target.state().gtidExecuted(), elsewhere, cluster.voided());
        loss.problem(target.region(), elsewhere, lose).ifPresent(problems::add);
        loss.note(target.region()).ifPresent(notes::add);
        return new RegionPlan(problems, notes, loss, false);
    }

    /** Of a rebuild whose data has come: nothing is lost by the rest of it, and no source is needed. */
    static RegionPlan rest(ClusterState cluster, RegionServer target) {
        List<String> problems = new ArrayList<>();
        cluster(cluster, target.region(), problems);
        target(target, problems);
        String from = owner(cluster, target.rowsOf()).orElseThrow();
        List<String> notes = List.of("its data is a copy of " + from + " already: only the last steps are left");
        return new RegionPlan(problems, notes, Loss.NONE, true);
    }

    /** Of giving the target another server uuid. */
    static RegionPlan rejoin(ClusterState cluster, RegionServer target) {
        List<String> problems = new ArrayList<>();
        String name = target.region();
        String instead = "'dbctl region rebuild " + name + "' replaces its data";
        cluster(cluster, name, problems);
        target(target, problems);
        if (target.rowsOf() == null) {
            problems.add("the MySQL of " + name + " has no regent_local of its own or of another: " + instead);
        } else if (target.isCondemned()) {
            problems.add("the data of " + name + " was being replaced, and may be gone in part: " + instead);
        } else if (!target.isItself() && owner(cluster, target.rowsOf()).isEmpty()) {
            problems.add("its data is a copy of a server that belongs to no region, " + target.rowsOf());
        }
        boolean copied = isOfAnother(cluster, target);
        if (copied) {
            problemsOfCopy(cluster, target).forEach(problem -> problems.add(problem + ". " + instead));
        } else {
            ownProblems(cluster, target, instead, problems);
        }
        String forgotten = Numbers.forgotten(
                cluster, name, target.uuid(), target.asks(), target.state().gtidExecuted());
        String note = !target.isItself() || copied
                ? "its data is a copy"
                : forgotten.isEmpty() ? "its server forgot nothing that is known" : "its server forgot: " + forgotten;
        return new RegionPlan(problems, List.of(note), Loss.NONE, copied);
    }

    private static void ownProblems(ClusterState cluster, RegionServer target, String instead, List<String> problems) {
        String name = target.region();
        GtidSet outside = History.of(cluster).outside(name, target.state().gtidExecuted(), target.openedEpoch());
        if (!outside.isEmpty()) {
            problems.add(name + " has diverged: it executed " + outside.count() + " transactions outside history ("
                    + outside + "). " + instead);
        }
        if (target.epoch() > cluster.epoch()) {
            problems.add(name + " knows epoch " + target.epoch() + ", ZooKeeper " + cluster.epoch());
        }
    }

    /**
     * The region whose data a clone has brought into a server already, if it may be believed. Its rows say so; a server
     * that runs under the other's uuid too is a copy of a whole machine and not what this command made.
     */
    static Optional<String> copiedFrom(ClusterState cluster, RegionServer target) {
        boolean copied = !target.isItself()
                && isOfAnother(cluster, target)
                && problemsOfCopy(cluster, target).isEmpty();
        return copied ? owner(cluster, target.rowsOf()) : Optional.empty();
    }

    /** Whether rows or uuid are another region's: then what they say of the server is not true of it. */
    private static boolean isOfAnother(ClusterState cluster, RegionServer target) {
        return Stream.of(Optional.ofNullable(target.rowsOf()), Optional.of(target.uuid()))
                .flatMap(Optional::stream)
                .flatMap(uuid -> owner(cluster, uuid).stream())
                .anyMatch(region -> !region.equals(target.region()));
    }

    /** What stands against believing the rows that came with a copy. */
    static List<String> problemsOfCopy(ClusterState cluster, RegionServer copy) {
        List<String> problems = new ArrayList<>();
        GtidSet executed = copy.state().gtidExecuted();
        GtidSet outside = History.of(cluster).outside(copy.region(), executed, 0);
        if (!outside.isEmpty()) {
            problems.add("the copy is outside history by now: " + outside);
        }
        if (!copy.hasSettled(0)) {
            problems.add("the copy holds a verdict that was being settled");
        }
        GtidSet unsettled = executed.intersect(cluster.voided()).subtract(copy.settledVoid());
        if (!unsettled.isEmpty()) {
            problems.add("the copy holds what was made void since, and no binlog to undo it: " + unsettled);
        }
        if (copy.epoch() > cluster.epoch()) {
            problems.add("the copy knows epoch " + copy.epoch() + ", ZooKeeper " + cluster.epoch());
        }
        return problems;
    }

    private static Optional<String> owner(ClusterState cluster, @Nullable UUID uuid) {
        return cluster.origins().stream()
                .filter(origin -> origin.uuid().equals(uuid))
                .map(Origin::region)
                .findFirst();
    }

    private static void cluster(ClusterState cluster, String target, List<String> problems) {
        Master master = cluster.master().value();
        if (master.region().equals(target)) {
            problems.add(
                    target + " is the master of epoch " + master.epoch() + ": 'dbctl promote' another region first");
        }
        if (master.released()) {
            problems.add(master.region() + " gave up epoch " + master.epoch() + ": a failover is under way");
        } else if (master.cut() == null) {
            problems.add("the history of epoch " + master.epoch() + " is not known yet: a failover is under way");
        } else if (master.closing() != null) {
            problems.add(master.region() + " closes for " + master.closing());
        }
        for (Plan.Kind kind : List.of(Plan.Kind.MOVE, Plan.Kind.FAILOVER)) {
            cluster.ordered(kind)
                    .filter(plan -> !master.region().equals(plan.to()))
                    .ifPresent(plan -> problems.add("a change of master is under way, " + plan.id()));
        }
    }

    private static void target(RegionServer target, List<String> problems) {
        if (target.isOpen()) {
            problems.add("the MySQL of " + target.region()
                    + " is OPEN: its coordinator, or SET GLOBAL super_read_only=ON," + " closes it");
        }
        if (!target.startsOpen().isEmpty()) {
            problems.add("the MySQL of " + target.region() + " would not start SEALED: " + target.startsOpen()
                    + ". 'dbctl init --region " + target.region() + "' says what to do");
        }
    }

    private static void source(ClusterState cluster, RegionServer target, RegionServer source, List<String> problems) {
        String name = source.region();
        Master master = cluster.master().value();
        if (!source.state().version().equals(target.state().version())) {
            problems.add("the MySQL of " + name + " is " + source.state().version() + ", that of " + target.region()
                    + " " + target.state().version() + ": only the same version can be cloned");
        }
        if (source.isSealed()) {
            problems.add("the MySQL of " + name + " is SEALED: its coordinator is to make it STANDBY");
        }
        if (!source.isItself()) {
            problems.add("the rows of regent_local at " + name + " are not its own");
        } else if (source.epoch() != cluster.epoch()) {
            problems.add(name + " lives in epoch " + source.epoch() + ", the cluster in " + cluster.epoch());
        }
        if (!source.hasSettled(master.verdict())) {
            problems.add(name + " has verdicts that it did not settle, up to " + master.verdict());
        }
        GtidSet executed = source.state().gtidExecuted();
        GtidSet outside = History.of(cluster).outside(name, executed, source.openedEpoch());
        if (!outside.isEmpty()) {
            problems.add(name + " has diverged: it executed " + outside.count() + " transactions outside history ("
                    + outside + ")");
        }
        GtidSet lacks = master.cut() == null
                ? GtidSet.EMPTY
                : master.cut().subtract(executed).subtract(cluster.voided());
        if (!lacks.isEmpty()) {
            problems.add(name + " is behind: it lacks " + lacks.count() + " transactions of the history that epoch "
                    + master.epoch() + " began with");
        }
        // While it writes, a smaller number may be committed after a greater.
        String forgotten = source.isOpen() || !source.isItself()
                ? ""
                : Numbers.forgotten(cluster, name, source.uuid(), source.asks(), executed);
        if (!forgotten.isEmpty()) {
            problems.add(name + " forgot what it had: " + forgotten);
        }
        for (RegionServer server : List.of(source, target)) {
            if (server.tuning().packet() < SMALLEST_PACKET) {
                problems.add("max_allowed_packet of " + server.region() + " is "
                        + server.tuning().packet() + ", a clone needs " + SMALLEST_PACKET);
            }
        }
    }

    /** From where a region is rebuilt if nobody says: a STANDBY rather than the master, the one that has most. */
    static Optional<String> bestSource(ClusterState cluster, String target) {
        String master = cluster.master().value().region();
        return cluster.regions().stream()
                .filter(region -> !region.region().equals(target)
                        && !region.region().equals(master)
                        && region.present()
                        && isSound(cluster, region.region(), region.report()))
                .max(Comparator.comparingLong(region -> Objects.requireNonNull(region.report())
                        .value()
                        .executed()
                        .count()))
                .map(RegionState::region)
                .or(() -> master.equals(target) ? Optional.empty() : Optional.of(master));
    }

    private static boolean isSound(ClusterState cluster, String region, @Nullable Znode<Report> report) {
        return report != null
                && report.value().state() == WriteState.STANDBY
                && report.value().epoch() == cluster.epoch()
                && report.value().settled() >= cluster.master().value().verdict()
                && report.value().forgotten().isEmpty()
                && !History.of(cluster).isDiverged(region, report.value());
    }
}

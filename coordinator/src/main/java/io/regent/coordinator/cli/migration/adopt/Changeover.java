package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.Founding;
import io.regent.coordinator.cli.cluster.Founding.Terms;
import io.regent.coordinator.cli.cluster.FoundingReport;
import io.regent.coordinator.cli.cluster.InitReport;
import io.regent.coordinator.cli.migration.CatchingUp;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** From servers that are ready and replicate natively to a cluster; or back to them as they were, if no cluster comes of it. */
final class Changeover {
    private final AdoptOrder order;
    private final ClusterConfig config;
    private final String master;
    private final NativeServers servers;
    private final Settling settling;
    private final Standstill standstill;
    private final Permission permission;
    private final Consumer<String> progress;

    Changeover(
            AdoptOrder order,
            NativeServers servers,
            Settling settling,
            Standstill standstill,
            Permission permission,
            Consumer<String> progress) {
        this.order = order;
        this.config = order.config();
        this.master = order.master().name();
        this.servers = servers;
        this.settling = settling;
        this.standstill = standstill;
        this.permission = permission;
        this.progress = progress;
    }

    /**
     * Does it.
     *
     * @param done what was made at each server
     * @throws CliException if it failed; what that leaves is said
     */
    AdoptReport run(AdoptPlan plan, List<InitReport.Result> done, List<String> notes) throws CliException {
        Retreat retreat = new Retreat(servers, order, permission::requireUnfounded, progress);
        Terms terms = new Terms(permission.permit(), () -> {
            progress.accept(master + " takes no writes");
            servers.lock(master); // the closing may have ended the session that held it
            standstill.require();
        });
        Founding attempt = new Founding(config, order.admin(), order.master(), terms);
        Pause pause = new Pause(servers, master, progress);
        FoundingReport founding;
        try {
            List<String> problems = stopped(retreat);
            if (!problems.isEmpty()) {
                founding = FoundingReport.refused(master, List.of(), problems); // nothing was closed
            } else {
                retreat.closing();
                pause.begin();
                founding = attempt.run(false);
            }
        } catch (CliException | RuntimeException | Error e) {
            founding = afterFailure(attempt, retreat, e);
        }
        if (founding.isRefused()) {
            return afterRefusal(attempt, retreat, founding);
        }
        return founded(founding, pause, new Before(plan, done, notes));
    }

    /** What was known before. */
    private record Before(AdoptPlan plan, List<InitReport.Result> done, List<String> notes) {}

    private AdoptReport founded(FoundingReport founding, Pause pause, Before before) throws CliException {
        List<String> notes = new ArrayList<>(before.notes);
        notes.addAll(founding.notes());
        progress.accept("cluster " + config.cluster() + " is founded");
        long millis = order.coordinatorsLater() ? 0 : pause.await();
        if (millis < 0) {
            notes.add(master + " is not open yet: 'dbctl status' tells what its coordinator waits for");
        }
        GtidSet cut = permission.look() instanceof Seen.Found<ClusterState> cluster
                ? Clearing.firstCut(cluster.value())
                : GtidSet.parse(founding.cut());
        notes.addAll(new Clearing(standstill, order.waits().replicas()).run(config.regionNames(), cut));
        return AdoptReport.of(order, "adopted", before.plan, before.done, founding, millis, notes);
    }

    /** What it came to all the same; else everything is undone, and the error thrown. */
    private FoundingReport afterFailure(Founding attempt, Retreat retreat, Throwable error) throws CliException {
        Seen<ClusterState> fate = fate(attempt);
        if (fate instanceof Seen.Found) {
            return new Founding(config, order.admin(), order.master()).run(true);
        }
        if (attempt.isSent() && fate instanceof Seen.Unknown<ClusterState> unknown) {
            throw new CliException(
                    error.getMessage() + "; whether the cluster was founded is not known (" + unknown.why()
                            + "): until it is, "
                            + master
                            + " stays closed and native replication stopped; run this again as soon as ZooKeeper"
                            + " answers",
                    error);
        }
        String also = undo(retreat);
        if (error instanceof Error broken) {
            progress.accept("broken off, and undone" + also);
            throw broken;
        }
        if (error instanceof RuntimeException broken && also.isEmpty()) {
            throw broken;
        }
        throw new CliException(error.getMessage() + also, error);
    }

    private AdoptReport afterRefusal(Founding attempt, Retreat retreat, FoundingReport founding) throws CliException {
        Seen<ClusterState> fate = fate(attempt);
        boolean foreign = fate instanceof Seen.Found || (attempt.isSent() && !(fate instanceof Seen.Absent));
        List<String> problems = new ArrayList<>(founding.problems());
        if (foreign) {
            problems.add("ZooKeeper has a cluster of this name, or may have one: " + master + " stays as it is");
        } else {
            String also = undo(retreat);
            if (!also.isEmpty()) {
                problems.add(also);
            }
        }
        return AdoptReport.refused(order, founding.closed().isEmpty() ? null : founding, problems);
    }

    /** Whether a cluster was founded: of what was sent it must be certain, and else nobody but another could have. */
    private Seen<ClusterState> fate(Founding attempt) {
        return attempt.isSent() ? permission.settle() : permission.look();
    }

    /** What could not be undone; empty if all was. */
    private static String undo(Retreat retreat) {
        try {
            retreat.run();
            return "";
        } catch (CliException e) {
            return "; " + e.getMessage();
        }
    }

    /** Brings native replication to rest; why the cluster cannot be founded then. */
    private List<String> stopped(Retreat retreat) throws CliException {
        CatchingUp catchingUp = new CatchingUp(servers, order.waits().replicas());
        retreat.mark();
        standstill.renew();
        GtidSet former = settling.await(catchingUp.deadlineNanos());
        progress.accept(master + ": what was written under its former settings is over");
        catchingUp.await(config.regionNames(), former);
        // Replicas go on taking what the master commits while its clients are waited for.
        String fence = account(AccountRole.FENCE).user();
        List<String> held = settling.blockers(fence, order.waits().clients());
        if (!held.isEmpty()) {
            return held;
        }
        standstill.stop();
        Map<String, ReplicaSight> now = servers.sights(master);
        List<String> problems = new ArrayList<>(AdoptRules.purged(master, now));
        if (!permission.permit().stands()) {
            problems.add("the session with ZooKeeper has ended meanwhile; remedy: run this again");
        }
        // Preparing and catching up may have taken long.
        new Preparation(order).coordinators(problems, new ArrayList<>());
        problems.addAll(settling.kept());
        problems.addAll(settling.blockers(fence, Duration.ZERO));
        return problems;
    }

    private Account account(AccountRole role) {
        return Objects.requireNonNull(config.accounts().get(role));
    }
}

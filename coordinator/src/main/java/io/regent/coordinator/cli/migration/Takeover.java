package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.cluster.Founding;
import io.regent.coordinator.cli.cluster.FoundingReport;
import io.regent.coordinator.cli.cluster.InitReport;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a cluster over from native replication, while its master is written to.
 *
 * <p>The order is what makes it safe. Servers are made ready, and every replica executes natively what was written under
 * former settings. Then native replication is stopped everywhere, for good as far as mysqld's own start goes, and seen to
 * be at rest. Only then the master is closed and the cluster founded, by which coordinators that wait for it begin: so
 * no link runs beside a native applier. What the master committed in between is in its binlog, and links fetch it by what
 * each replica has executed. Last, the channels are removed.
 *
 * <p>Before the founding whatever fails has native replication go on as before. Killed anywhere, it goes on when it is run
 * again.
 */
final class Takeover {
    private final AdoptOrder order;
    private final ClusterConfig config;
    private final String master;
    private final Consumer<String> progress;

    Takeover(AdoptOrder order, Consumer<String> progress) {
        this.order = order;
        this.config = order.config();
        this.master = order.master().name();
        this.progress = progress;
    }

    AdoptReport run(boolean dryRun) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config);
                NativeServers servers = new NativeServers(config, order.admin())) {
            if (!servers.lock(master)) {
                throw new CliException("another 'dbctl adopt' works on " + master + "; wait for its end");
            }
            Seen<ClusterState> seen = observer.look();
            if (seen instanceof Seen.Unknown<ClusterState> unknown) {
                throw new CliException("ZooKeeper: " + unknown.why() + "; look into it and run this again");
            }
            Founding.requireShortSessions(observer);
            return seen instanceof Seen.Found<ClusterState> found
                    ? goOn(found.value(), servers, dryRun)
                    : begin(observer, servers, dryRun);
        }
    }

    /** The cluster is there: links run, or will. */
    private AdoptReport goOn(ClusterState cluster, NativeServers servers, boolean dryRun) throws CliException {
        String paused = cluster.policy().value().paused();
        if (paused != null && paused.startsWith(Handback.PAUSED)) {
            return refused(
                    null,
                    List.of("ZooKeeper still has the cluster as it was when it was " + paused
                            + "; remedy: dbctl leave --source " + master + " --forget"));
        }
        FoundingReport founding = new Founding(config, order.admin(), order.master()).run(true);
        if (founding.isRefused()) {
            return refused(founding, founding.problems());
        }
        if (!dryRun) {
            Map<String, ReplicaSight> sights = servers.sights(master);
            new Standstill(servers, sights, rules(sights), progress).forget();
        }
        return report("unchanged", null, List.of(), founding, 0, dryRun ? leftOver(servers) : List.of());
    }

    private List<String> leftOver(NativeServers servers) throws CliException {
        List<String> notes = new ArrayList<>();
        servers.sights(master)
                .forEach((region, sight) -> sight.channels()
                        .forEach(
                                channel -> notes.add(region + " still has " + channel.title() + ": --yes removes it")));
        return notes;
    }

    private AdoptReport begin(ClusterObserver observer, NativeServers servers, boolean dryRun) throws CliException {
        Map<String, ReplicaSight> sights = servers.sights(master);
        AdoptPlan plan = rules(sights);
        Preparation preparation = new Preparation(order);
        List<InitReport.Result> found = preparation.servers(true);
        List<String> problems = new ArrayList<>(plan.problems());
        problems.addAll(Preparation.problems(found));
        List<String> notes = new ArrayList<>(plan.notes());
        preparation.coordinators(problems, notes);
        if (!problems.isEmpty()) {
            return refused(null, problems);
        }
        if (dryRun) {
            return report("adoptable", plan, found, null, 0, notes);
        }
        List<InitReport.Result> done = preparation.servers(false);
        problems.addAll(Preparation.problems(done));
        Settling settling = new Settling(servers, master, users());
        if (problems.isEmpty()) {
            problems.addAll(settling.writingText());
        }
        if (!problems.isEmpty()) {
            return refused(null, problems);
        }
        Standstill standstill = new Standstill(servers, sights, plan, progress);
        return takeOver(new Stage(observer, servers, settling, standstill), plan, done, notes);
    }

    /** Those who take part. */
    private record Stage(ClusterObserver observer, NativeServers servers, Settling settling, Standstill standstill) {}

    private AdoptReport takeOver(Stage stage, AdoptPlan plan, List<InitReport.Result> done, List<String> notes)
            throws CliException {
        List<String> problems = stopped(stage);
        if (!problems.isEmpty()) {
            stage.standstill.undo();
            return refused(null, problems);
        }
        Opening opening = new Opening(stage.servers, master, progress);
        opening.begin();
        FoundingReport founding = found();
        if (founding.isRefused()) {
            if (stage.observer.look() instanceof Seen.Absent) {
                opening.undo();
                stage.standstill.undo();
            }
            return refused(founding, founding.problems());
        }
        long pause = order.coordinatorsLater() ? 0 : opening.await();
        if (pause < 0) {
            notes.add(master + " is not open yet: 'dbctl status' tells what its coordinator waits for");
        }
        stage.standstill.forget();
        List<String> all = new ArrayList<>(notes);
        all.addAll(founding.notes());
        return report("adopted", plan, done, founding, Math.max(0, pause), all);
    }

    /** Whether it was founded may not be known: then nothing goes on natively. */
    private FoundingReport found() throws CliException {
        try {
            return new Founding(config, order.admin(), order.master()).run(false);
        } catch (CliException e) {
            throw new CliException(
                    e.getMessage() + "; native replication is stopped, and " + master
                            + " may be closed: run this again as soon as that is mended",
                    e);
        }
    }

    /** Brings native replication to rest; why the cluster cannot be founded then. */
    private List<String> stopped(Stage stage) throws CliException {
        CatchingUp catchingUp = new CatchingUp(stage.servers, order.timeout());
        try {
            stage.standstill.goOn();
            GtidSet former = stage.settling.await(catchingUp.deadlineNanos());
            progress.accept(master + ": what was written under its former settings is over");
            catchingUp.await(config.regionNames(), former);
            stage.standstill.stop();
            List<String> problems = new ArrayList<>(purged(stage.servers.sights(master)));
            String fence = account(AccountRole.FENCE).user();
            stage.settling
                    .blockers(fence, order.patience())
                    .forEach(line -> problems.add("region " + master + ": " + line
                            + "; it would hold the closing up: wait for its end (--wait), or end it"));
            return problems;
        } catch (CliException e) {
            throw undone(stage.standstill, e);
        }
    }

    /** The error, after native replication was told to go on. */
    private static CliException undone(Standstill standstill, CliException error) {
        try {
            standstill.undo();
        } catch (CliException e) {
            error.addSuppressed(e);
            return new CliException(
                    error.getMessage() + "; and native replication could not be started again (" + e.getMessage()
                            + "): START REPLICA where it is stopped, or run this again",
                    error);
        }
        return error;
    }

    private List<String> purged(Map<String, ReplicaSight> now) {
        List<String> problems = new ArrayList<>();
        GtidSet gone = Objects.requireNonNull(now.get(master)).state().gtidPurged();
        now.forEach((region, sight) -> {
            GtidSet lost = gone.subtract(sight.state().gtidExecuted());
            if (!lost.isEmpty()) {
                problems.add("region " + region + " lacks " + lost.count() + " transactions that " + master
                        + " has purged from its binlog: no link could fetch them; let it catch up first");
            }
        });
        return problems;
    }

    private AdoptPlan rules(Map<String, ReplicaSight> sights) {
        Map<String, ServerAddress> addresses = new LinkedHashMap<>();
        config.regions().forEach(region -> addresses.put(region.name(), region.mysql()));
        return AdoptRules.of(master, sights, addresses);
    }

    private Set<String> users() {
        return config.accounts().values().stream().map(Account::user).collect(Collectors.toSet());
    }

    private Account account(AccountRole role) {
        return Objects.requireNonNull(config.accounts().get(role));
    }

    private AdoptReport refused(@Nullable FoundingReport founding, List<String> problems) {
        return new AdoptReport(
                config.cluster(), AdoptReport.REFUSED, master, Map.of(), List.of(), founding, 0, problems, List.of());
    }

    private AdoptReport report(
            String outcome,
            @Nullable AdoptPlan plan,
            List<InitReport.Result> results,
            @Nullable FoundingReport founding,
            long pause,
            List<String> notes) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(Preparation.notes(results));
        return new AdoptReport(
                config.cluster(),
                outcome,
                master,
                plan == null ? Map.of() : plan.sources(),
                results.stream().map(InitReport.Result::json).toList(),
                founding,
                pause,
                List.of(),
                all);
    }
}

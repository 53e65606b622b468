package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.cluster.Founding;
import io.regent.coordinator.cli.cluster.FoundingReport;
import io.regent.coordinator.cli.cluster.InitReport;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Takes a cluster over from native replication, while its master is written to.
 *
 * <p>The order is what makes it safe. Servers are made ready, and every replica executes natively what was written under
 * former settings. Then native replication is stopped everywhere, for good as far as mysqld's own start goes, and seen to
 * be at rest. Only then the master is closed and the cluster founded, by which coordinators that wait for it begin: so
 * no link runs beside a native applier. What the master committed in between is in its binlog, and links fetch it by what
 * each replica has executed. Last, where a replica has executed all that the closed master had, its channel is removed.
 *
 * <p>Before the founding whatever fails has the master open again and native replication go on as before; if it was sent and
 * not answered, it is first taken back. Killed anywhere, it goes on when it is run again: the package tells how.
 */
public final class Takeover {
    private final AdoptOrder order;
    private final ClusterConfig config;
    private final String master;
    private final Consumer<String> progress;

    /**
     * Nothing is done yet.
     *
     * @param progress gets each step in words
     */
    public Takeover(AdoptOrder order, Consumer<String> progress) {
        this.order = order;
        this.config = order.config();
        this.master = order.master().name();
        this.progress = progress;
    }

    /**
     * Does it, or goes on with it.
     *
     * @param dryRun whether to look only
     * @throws CliException if a server or ZooKeeper could not be asked; what that leaves is said
     */
    public AdoptReport run(boolean dryRun) throws CliException {
        try {
            AdoptReport report = dryRun ? rehearse() : adopt();
            String hint = report.isRefused() ? Retreat.hint(order) : "";
            return hint.isEmpty() ? report : report.with(hint);
        } catch (CliException e) {
            throw new CliException(e.getMessage() + Retreat.hint(order), e);
        }
    }

    private AdoptReport rehearse() throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config);
                NativeServers servers = NativeServers.toLook(config, order.admin())) {
            if (look(observer) instanceof Seen.Found<ClusterState> found) {
                return goOn(found.value(), servers, true);
            }
            Sighting found = sighting(servers);
            return found.problems.isEmpty()
                    ? AdoptReport.of(order, "adoptable", found.plan, found.results, null, 0, found.notes)
                    : AdoptReport.refused(order, null, found.problems);
        }
    }

    private AdoptReport adopt() throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            // Whatever an earlier run sent is refused from now on: its permit is over.
            Permission permission = Permission.take(observer);
            try (NativeServers servers = NativeServers.ofOnlyRun(config, order.admin())) {
                servers.lock(master);
                return look(observer) instanceof Seen.Found<ClusterState> found
                        ? goOn(found.value(), servers, false)
                        : begin(observer, permission, servers);
            }
        }
    }

    private static Seen<ClusterState> look(ClusterObserver observer) throws CliException {
        Seen<ClusterState> seen = observer.look();
        if (seen instanceof Seen.Unknown<ClusterState> unknown) {
            throw new CliException("ZooKeeper: " + unknown.why() + "; look into it and run this again");
        }
        return seen;
    }

    /** The cluster is there: links run, or will. */
    private AdoptReport goOn(ClusterState cluster, NativeServers servers, boolean dryRun) throws CliException {
        FoundingReport founding = new Founding(config, order.admin(), order.master()).run(true);
        if (founding.isRefused()) {
            return AdoptReport.refused(order, founding, founding.problems());
        }
        Map<String, ReplicaSight> sights = servers.sights(master);
        List<String> notes = new ArrayList<>();
        if (dryRun) {
            sights.forEach((region, sight) -> sight.channels()
                    .forEach(channel -> notes.add(region + " still has " + channel.title() + ": --yes removes it")));
        } else {
            Standstill standstill = new Standstill(servers, sights, rules(sights, Set.of()), progress);
            notes.addAll(new Clearing(standstill, order.waits().replicas())
                    .run(config.regionNames(), Clearing.firstCut(cluster)));
        }
        return AdoptReport.of(order, "unchanged", null, List.of(), founding, 0, notes);
    }

    /** What can be said before anything is done. */
    private record Sighting(
            Map<String, ReplicaSight> sights,
            AdoptPlan plan,
            List<InitReport.Result> results,
            List<String> problems,
            List<String> notes) {}

    private Sighting sighting(NativeServers servers) throws CliException {
        Map<String, ReplicaSight> sights = servers.sights(master);
        AdoptPlan plan = rules(sights, Set.copyOf(Retreat.unfinished(servers, order)));
        Preparation preparation = new Preparation(order);
        List<InitReport.Result> results = preparation.servers(true);
        List<String> problems = new ArrayList<>(plan.problems());
        problems.addAll(Preparation.problems(results));
        List<String> notes = new ArrayList<>(plan.notes());
        preparation.coordinators(problems, notes);
        return new Sighting(sights, plan, results, problems, notes);
    }

    private AdoptReport begin(ClusterObserver observer, Permission permission, NativeServers servers)
            throws CliException {
        List<String> governed = governed(servers, List.of(master));
        if (!governed.isEmpty()) {
            return AdoptReport.refused(order, null, governed);
        }
        List<String> undone = new Retreat(servers, order, permission::requireUnfounded, progress).run();
        governed = governed(servers, config.regionNames());
        governed.addAll(permission.remains());
        if (!governed.isEmpty()) {
            return AdoptReport.refused(order, null, governed);
        }
        Founding.requireShortSessions(observer);
        Standstill.awaitRunning(servers, undone);
        Sighting found = sighting(servers);
        if (!found.problems.isEmpty()) {
            return AdoptReport.refused(order, null, found.problems);
        }
        List<InitReport.Result> done = new Preparation(order).servers(false);
        progress.accept("every server has Regent's accounts, schemas and settings of the binlog");
        List<String> problems = new ArrayList<>(Preparation.problems(done));
        Settling settling = new Settling(servers, master, users());
        if (problems.isEmpty()) {
            problems.addAll(settling.kept(order.waits().clients()));
        }
        if (!problems.isEmpty()) {
            return AdoptReport.refused(order, null, problems);
        }
        Standstill standstill = new Standstill(servers, found.sights, found.plan, progress);
        Changeover changeover = new Changeover(order, servers, settling, standstill, permission, progress);
        return changeover.run(found.plan, done, found.notes);
    }

    /** Who belongs to a cluster that ZooKeeper does not have. */
    private List<String> governed(NativeServers servers, List<String> regions) throws CliException {
        List<String> problems = new ArrayList<>();
        for (String region : regions) {
            if (servers.at(region, session -> LocalState.isThere(session) && LocalState.isGoverned(session))) {
                problems.add(
                        "region " + region + " belongs to a cluster, and ZooKeeper has no cluster " + config.cluster()
                                + ": it was emptied, or this is another ensemble; remedy: restore it, name it in the file, or dbctl"
                                + " init --adopt-epoch");
            }
        }
        return problems;
    }

    private AdoptPlan rules(Map<String, ReplicaSight> sights, Set<String> unfinished) {
        Map<String, ServerAddress> addresses = new LinkedHashMap<>();
        config.regions().forEach(region -> addresses.put(region.name(), region.mysql()));
        return AdoptRules.of(master, sights, addresses, unfinished);
    }

    private Set<String> users() {
        return config.accounts().values().stream().map(Account::user).collect(Collectors.toSet());
    }
}

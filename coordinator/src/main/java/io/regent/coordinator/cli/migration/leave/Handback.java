package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.migration.CatchingUp;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.fence.Parting;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.ServerInit;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Hands a cluster back to native replication, while its master is written to and whatever its coordinators do.
 *
 * <p>The order is what makes it safe. Nobody is to take over by itself any more, and then it is looked again, and judged by
 * one version of {@code /master}. In place of exactly that version ZooKeeper gets a last word, which names nobody: from then
 * on no region can be opened, moved to or named, whoever orders it. Well before the lease of the master is over, at whose end
 * its dead-man would close it, its server forgets that it ever belonged to a cluster, its coordinators are locked out, and
 * its dead-man is seen to be gone. Then every other region is let go alike and begins to replicate natively. Killed anywhere,
 * it goes on when it is run again: the package tells how.
 */
public final class Handback {
    private final LeaveOrder order;
    private final ClusterConfig config;
    private final String source;
    private final Set<String> users = new LinkedHashSet<>();
    private final Consumer<String> progress;

    /**
     * Nothing is done yet.
     *
     * @param progress gets each step in words
     */
    public Handback(LeaveOrder order, Consumer<String> progress) {
        this.order = order;
        this.config = order.config();
        this.source = order.source().name();
        this.progress = progress;
        for (AccountRole role : List.of(AccountRole.FENCE, AccountRole.APPLY)) {
            users.add(account(role).user());
        }
    }

    /**
     * Does it, or goes on with it.
     *
     * @param dryRun whether to look only
     * @throws CliException if a server or ZooKeeper could not be asked; what that leaves is said
     */
    public LeaveReport run(boolean dryRun) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config);
                NativeServers servers = NativeServers.toWork(config, order.admin())) {
            servers.lock(source);
            Optional<String> handedBack = LastWord.read(observer);
            if (handedBack.isPresent()) {
                return goOn(handedBack.get(), observer, servers, dryRun);
            }
            List<String> problems = problems(ZooKeeperAccess.look(observer, config), observer, servers);
            if (!problems.isEmpty()) {
                return refused(problems);
            }
            return dryRun ? report("leavable", 0, List.of()) : decide(observer, servers);
        }
    }

    /** Once more when nobody takes over by itself, and then for good. */
    private LeaveReport decide(ClusterObserver observer, NativeServers servers) throws CliException {
        Automation automation = new Automation(observer, config);
        automation.pause(LastWord.of(source));
        progress.accept("no region takes over by itself any more");
        List<String> problems;
        try {
            new Probe(order).write();
            servers.run(source, session -> new Parting(session, users).rehearse());
            new CatchingUp(servers, order.timeout()).await(others(), executed(servers));
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            problems = problems(cluster, observer, servers);
            progress.accept("ready to be handed back");
            if (problems.isEmpty() && !LastWord.say(observer, cluster.master().version(), source)) {
                problems =
                        List.of("the cluster changed meanwhile (a move, or a failover, or a verdict); remedy: look at"
                                + " 'dbctl status', and run this again");
            }
        } catch (CliException | RuntimeException e) {
            automation.resume(); // its policy stands for nothing if the last word was written all the same
            throw e;
        }
        if (!problems.isEmpty()) {
            automation.resume();
            return refused(problems);
        }
        progress.accept("nobody is master by ZooKeeper any more");
        return letGo(observer, servers);
    }

    /** An earlier run said the last word. */
    private LeaveReport goOn(String named, ClusterObserver observer, NativeServers servers, boolean dryRun)
            throws CliException {
        List<String> problems = new ArrayList<>();
        if (!named.equals(source)) {
            problems.add("it is being handed back to native replication from " + named + "; remedy: --source " + named);
        }
        problems.addAll(new Membership(observer, servers).problems(config.regionNames()));
        if (!problems.isEmpty()) {
            return refused(problems);
        }
        return dryRun ? report("leavable", 0, List.of()) : letGo(observer, servers);
    }

    private LeaveReport letGo(ClusterObserver observer, NativeServers servers) throws CliException {
        String fence = account(AccountRole.FENCE).user();
        LettingGo lettingGo = new LettingGo(servers, users, fence, () -> LastWord.bind(observer, source), progress);
        long pause = lettingGo.source(source, others());
        new Following(servers, source, order).unhold();
        progress.accept(source + " takes writes without a lease");
        String uuid = servers.at(source, ServerState::read).serverUuid().toString();
        for (String region : others()) {
            lettingGo.lockOut(region);
        }
        for (String region : others()) {
            lettingGo.awaitQuiet(region);
            lettingGo.expectProbes(region, uuid);
            servers.run(region, ServerInit::seal);
            new Following(servers, region, order).begin();
            progress.accept(region + " replicates natively from " + source);
        }
        new CatchingUp(servers, order.timeout()).await(others(), executed(servers));
        List<String> problems = new Ending(servers, order).problems(others());
        if (!problems.isEmpty()) {
            throw new CliException(String.join("; ", problems) + "; then run this again");
        }
        return report("left", pause, Remains.of(config, users));
    }

    /**
     * Removes the cluster from ZooKeeper; only once it was handed back, no server is governed by it and no coordinator runs.
     *
     * @param dryRun whether to look only
     * @throws CliException if a server or ZooKeeper could not be asked
     */
    public LeaveReport forget(boolean dryRun) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config);
                NativeServers servers = NativeServers.toWork(config, order.admin())) {
            Membership membership = new Membership(observer, servers);
            List<String> problems = new ArrayList<>(membership.standing(config.regionNames()));
            if (LastWord.read(observer).isEmpty()) {
                problems.add("it was not handed back; remedy: dbctl leave --source " + source);
            }
            if (!problems.isEmpty()) {
                return refused(problems);
            }
            if (!dryRun) {
                membership.forget();
            }
            return report(dryRun ? "forgettable" : "forgotten", 0, List.of());
        }
    }

    private List<String> problems(ClusterState cluster, ClusterObserver observer, NativeServers servers)
            throws CliException {
        List<String> problems = LeaveRules.problems(cluster, source, sights(servers));
        new Membership(observer, servers).differences().ifPresent(problems::add);
        if (users.contains(order.replication().user())) {
            problems.add("account " + order.replication().user()
                    + " changes servers and is locked; remedy: --replication-user names another");
        }
        return problems;
    }

    private GtidSet executed(NativeServers servers) throws CliException {
        return servers.at(source, ServerState::read).gtidExecuted();
    }

    private List<String> others() {
        return config.regionNames().stream()
                .filter(region -> !region.equals(source))
                .toList();
    }

    /** Every server; the source's was read after all others. */
    private Map<String, LeaveSight> sights(NativeServers servers) throws CliException {
        Map<String, LeaveSight> all = new LinkedHashMap<>();
        for (String region : others()) {
            all.put(region, servers.at(region, this::sight));
        }
        all.put(source, servers.at(source, this::sight));
        return all;
    }

    private LeaveSight sight(Connection session) throws SQLException {
        long held = StrandedTable.read(session).stream()
                .filter(entry -> entry.disposition() == StrandedEntry.Disposition.HELD)
                .count();
        return new LeaveSight(ReplicaSight.read(session), new Parting(session, users).read(), held);
    }

    private LeaveReport refused(List<String> problems) {
        return LeaveReport.refused(config.cluster(), source, problems);
    }

    private LeaveReport report(String outcome, long pause, List<String> remains) {
        return new LeaveReport(config.cluster(), outcome, source, pause, List.of(), remains);
    }

    private Account account(AccountRole role) {
        return Objects.requireNonNull(config.accounts().get(role));
    }
}

package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.cluster.ServerErrors;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.fence.Parting;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.CommitProbe;
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
import java.util.Set;
import java.util.function.Consumer;

/**
 * Hands a cluster back to native replication, while its master is written to and whatever its coordinators do.
 *
 * <p>The order is what makes it safe. Nobody is to take over by itself any more. Then every other region is let go: mysqld
 * locks Regent's accounts out and their sessions are seen to be gone, so that no link applies there, and only then its
 * native replication begins. The master is renewed by its coordinator meanwhile. When the others have what it has, it is
 * let go too: its coordinator is locked out, and well before the lease is over, at whose end the dead-man would close it,
 * the server forgets that it ever belonged to a cluster. Nobody else can be open then: all others are read-only and let
 * go. Killed anywhere, it goes on when it is run again.
 */
final class Handback {
    /** How the automation's pause begins in a cluster that is, or was, handed back. */
    static final String PAUSED = "handed back to native replication";

    private static final int TRIES = 5;

    private final LeaveOrder order;
    private final ClusterConfig config;
    private final String source;
    private final Set<String> users;
    private final Consumer<String> progress;

    Handback(LeaveOrder order, Consumer<String> progress) {
        this.order = order;
        this.config = order.config();
        this.source = order.source().name();
        this.progress = progress;
        this.users = new LinkedHashSet<>();
        for (AccountRole role : List.of(AccountRole.FENCE, AccountRole.APPLY)) {
            users.add(account(role).user());
        }
    }

    LeaveReport run(boolean dryRun) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config);
                NativeServers servers = new NativeServers(config, order.admin())) {
            if (!servers.lock(source)) {
                throw new CliException("another 'dbctl adopt' or 'leave' works on " + source + "; wait for its end");
            }
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Map<String, LeaveSight> sights = sights(servers);
            List<String> problems = LeaveRules.problems(cluster, source, sights);
            if (users.contains(order.replication().user())) {
                problems.add("account " + order.replication().user()
                        + " changes servers and is locked; remedy: --replication-user names another");
            }
            if (!problems.isEmpty()) {
                return LeaveReport.refused(config.cluster(), source, problems);
            }
            return dryRun
                    ? new LeaveReport(config.cluster(), "leavable", source, 0, List.of(), List.of())
                    : leave(observer, servers, sights);
        }
    }

    /** Removes the cluster from ZooKeeper; only once no server is governed by it and no coordinator runs. */
    LeaveReport forget(boolean dryRun) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config);
                NativeServers servers = new NativeServers(config, order.admin())) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            LettingGo lettingGo = new LettingGo(servers, users, progress);
            List<String> problems = new ArrayList<>();
            for (String region : config.regionNames()) {
                Parting.Ties ties = lettingGo.ties(region);
                if (!ties.parted() || ties.epoch() != 0) {
                    problems.add(region + " still belongs to the cluster; remedy: dbctl leave --source " + source);
                }
            }
            cluster.regions().stream()
                    .filter(RegionState::present)
                    .forEach(region -> problems.add("a coordinator of " + region.region() + " runs; remedy: stop it"));
            if (!problems.isEmpty()) {
                return LeaveReport.refused(config.cluster(), source, problems);
            }
            if (!dryRun && !observer.replacement().remove().isOk()) {
                throw new CliException("ZooKeeper did not take it, or not for certain; run this again");
            }
            return new LeaveReport(
                    config.cluster(), dryRun ? "forgettable" : "forgotten", source, 0, List.of(), List.of());
        }
    }

    private LeaveReport leave(ClusterObserver observer, NativeServers servers, Map<String, LeaveSight> sights)
            throws CliException {
        CatchingUp catchingUp = new CatchingUp(servers, order.timeout());
        LettingGo lettingGo = new LettingGo(servers, users, progress);
        pause(observer);
        if (!isParted(sights, source)) {
            probe();
            // What was let go by an earlier run has no link any more, and had the probe's row before.
            List<String> linked = others().stream()
                    .filter(region -> !isParted(sights, region))
                    .toList();
            catchingUp.await(linked, executed(servers));
        }
        for (String region : others()) {
            Following following = new Following(servers, region, order);
            if (!following.isDone()) {
                lettingGo.replica(region, source);
                following.begin();
                progress.accept(region + " replicates natively from " + source);
            }
        }
        catchingUp.await(others(), executed(servers));
        long pause = lettingGo.source(source, new LinkedHashSet<>(others()));
        catchingUp.await(others(), executed(servers));
        return new LeaveReport(config.cluster(), "left", source, pause, List.of(), Remains.of(config, users));
    }

    private static boolean isParted(Map<String, LeaveSight> sights, String region) {
        return Objects.requireNonNull(sights.get(region)).ties().parted();
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

    private void pause(ClusterObserver observer) throws CliException {
        for (int i = 0; i < TRIES; i++) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Policy now = cluster.policy().value();
            boolean paused = now.paused() != null && now.paused().startsWith(PAUSED);
            if (paused
                    || observer.setup()
                            .change(cluster.policy(), now.withPaused(PAUSED + " of " + source + " (dbctl leave)"))
                            .isOk()) {
                progress.accept("no region takes over by itself any more");
                return;
            }
        }
        throw new CliException("ZooKeeper does not take it that nobody is to take over; run this again");
    }

    /** The source has the row of its probe writes, so that it only changes it from now on. */
    private void probe() throws CliException {
        try (Connection session =
                config.sessions(order.source(), AccountRole.OBSERVE).open()) {
            CommitProbe.write(session);
        } catch (SQLException e) {
            throw new CliException(
                    ServerErrors.explain(
                            order.source(), account(AccountRole.OBSERVE).user(), e),
                    e);
        }
    }

    private Account account(AccountRole role) {
        return Objects.requireNonNull(config.accounts().get(role));
    }
}

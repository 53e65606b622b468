package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.cluster.ServerErrors;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
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

    private static final Duration GONE = Duration.ofSeconds(10);
    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();
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
            List<String> problems = new ArrayList<>();
            for (String region : config.regionNames()) {
                var ties = servers.at(region, session -> new Parting(session, users).read());
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
        long deadline = System.nanoTime() + order.timeout().toNanos();
        pause(observer);
        boolean parted = isParted(sights, source);
        if (!parted) {
            probe();
            awaitOthers(servers, deadline);
        }
        for (String region : others()) {
            follow(servers, region);
        }
        awaitOthers(servers, deadline);
        long pause = release(servers);
        awaitOthers(servers, deadline);
        return new LeaveReport(config.cluster(), "left", source, pause, List.of(), Remains.of(config, users));
    }

    private List<String> others() {
        return config.regionNames().stream()
                .filter(region -> !region.equals(source))
                .toList();
    }

    private static boolean isParted(Map<String, LeaveSight> sights, String region) {
        return Objects.requireNonNull(sights.get(region)).ties().parted();
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
                    ServerErrors.explain(order.source(), account(AccountRole.OBSERVE).user(), e), e);
        }
    }

    /** Waits until every other region has executed what the source has now: by links, or natively. */
    private void awaitOthers(NativeServers servers, long deadline) throws CliException {
        GtidSet set = servers.at(source, ServerState::read).gtidExecuted();
        for (String region : others()) {
            GtidSet lacks = set.subtract(servers.at(region, ServerState::read).gtidExecuted());
            while (!lacks.isEmpty()) {
                for (var channel : servers.at(region, ReplicaSight::read).channels()) {
                    if (!channel.errors().isEmpty()) {
                        throw new CliException("region " + region + ": native replication stopped: "
                                + channel.errors().get(0) + "; mend that and run this again");
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new CliException("region " + region + " still lacks " + lacks.count() + " transactions of "
                            + source + "; run this again when it has caught up, or with more --timeout");
                }
                LockSupport.parkNanos(POLL_NANOS);
                lacks = set.subtract(servers.at(region, ServerState::read).gtidExecuted());
            }
        }
    }

    /** Lets a region go, and then has it replicate natively. */
    private void follow(NativeServers servers, String region) throws CliException {
        Following following = new Following(servers, region, order);
        if (following.isDone()) {
            return;
        }
        part(servers, region);
        String uuid = servers.at(source, ServerState::read).serverUuid().toString();
        servers.at(region, session -> {
            new Parting(session, users).expectProbesOf(uuid);
            return null;
        });
        following.begin();
        progress.accept(region + " replicates natively from " + source);
    }

    private void part(NativeServers servers, String region) throws CliException {
        var left = servers.at(region, session -> {
            Parting parting = new Parting(session, users);
            var still = parting.lockOut(GONE);
            if (still.isEmpty()) {
                parting.ungovern();
            }
            return still;
        });
        if (left.isPresent()) {
            throw new CliException("region " + region + ": " + left.get() + "; run this again");
        }
        progress.accept(region + ": Regent's accounts are locked, its sessions gone, and its dead-man");
    }

    /** Lets the source go; for how many milliseconds at most it was closed. */
    private long release(NativeServers servers) throws CliException {
        long began = System.nanoTime();
        part(servers, source);
        boolean open = servers.at(source, session -> {
            new Parting(session, users).startsOpen();
            return !ServerState.read(session).readOnly();
        });
        if (open) {
            return 0;
        }
        requireNobodyOpen(servers);
        new Opening(servers, source, progress).open();
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    private void requireNobodyOpen(NativeServers servers) throws CliException {
        for (String region : others()) {
            boolean closed = servers.at(region, session -> ServerState.read(session).readOnly()
                    && new Parting(session, users).read().parted());
            if (!closed) {
                throw new CliException("region " + region + " takes writes, or may: " + source
                        + " stays closed; look at both, and run this again");
            }
        }
    }

    private Account account(AccountRole role) {
        return Objects.requireNonNull(config.accounts().get(role));
    }
}

package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Replacement.Standing;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.SetBack;
import io.regent.sql.session.Account;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Founds a cluster anew in a ZooKeeper that was emptied, or that was set back to an older state. Nobody may write by the
 * old one when it does: its word is withdrawn, every server closed and its leases revoked, before anything is read that
 * counts. Killed anywhere, it goes on when it is run again; where another run was faster, it touches nothing any more.
 */
final class Adopting {
    private static final int TRIES = 5;
    private static final String BOUND =
            "the cluster is being let go of by 'dbctl leave', which opens its source without any"
                    + " lease: run that to its end (dbctl leave --source REGION); only if its source is gone for good, and stays away,"
                    + " delete the znode master of the cluster in ZooKeeper, and run this again";
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    private final ClusterConfig config;
    private final FoundingServers servers;
    private final @Nullable String wanted;

    /** @param wanted who is to be master first; null for who was last */
    Adopting(ClusterConfig config, Account admin, @Nullable RegionConfig wanted) {
        this.config = config;
        this.servers = new FoundingServers(config, admin);
        this.wanted = wanted == null ? null : wanted.name();
    }

    FoundingReport run(boolean dryRun) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config);
                FoundingServers.Turn turn = servers.turn()) {
            if (!dryRun) {
                turn.take();
            }
            Founding.requireShortSessions(observer);
            for (int i = 0; i < TRIES; i++) {
                Optional<FoundingReport> report = tryOnce(observer, dryRun);
                if (report.isPresent()) {
                    return report.get();
                }
            }
            throw new CliException("/master in ZooKeeper changes again and again: look at 'dbctl status' before you run"
                    + " this again");
        }
    }

    /** Empty if what was concluded is not true any more: coordinators, or another run, changed {@code /master} since. */
    private Optional<FoundingReport> tryOnce(ClusterObserver observer, boolean dryRun) throws CliException {
        Seen<Standing> standing = Refounder.standing(observer);
        if (standing instanceof Found<Standing> bound && bound.value().bound()) {
            return Optional.of(FoundingReport.refused(wanted == null ? "" : wanted, List.of(), List.of(BOUND)));
        }
        Timing timing = timing(observer);
        Map<String, FoundingServers.Server> found = servers.read();
        Seen<ClusterState> seen = observer.look();
        List<String> problems = new ArrayList<>();
        if (seen instanceof Found<ClusterState> cluster && !isSetBack(cluster.value(), found)) {
            problems.add("ZooKeeper has the cluster, at epoch "
                    + cluster.value().epoch() + ", and no region recorded anything newer: there is nothing to adopt");
        }
        Adoption plan = Adoption.of(found, wanted, Refounder.epochOf(standing));
        problems.addAll(plan.problems());
        if (dryRun || !problems.isEmpty()) {
            problems.addAll(dryRun ? open(found) : List.of());
            return Optional.of(
                    problems.isEmpty()
                            ? report("adoptable", plan, List.of())
                            : FoundingReport.refused(plan.master(), List.of(), problems));
        }
        Optional<Refounder> place = Refounder.withdraw(observer, standing);
        return place.isEmpty() ? Optional.empty() : Optional.of(close(place.get(), timing));
    }

    private static boolean isSetBack(ClusterState cluster, Map<String, FoundingServers.Server> found) {
        return found.values().stream()
                .anyMatch(server -> !SetBack.of(cluster, server.recorded()).isEmpty());
    }

    /** Those of the cluster, if ZooKeeper still has them; there is no command yet that sets others. */
    private static Timing timing(ClusterObserver observer) {
        return observer.setup().timing() instanceof Found<Znode<Timing>> timing
                ? timing.value().value()
                : Timing.standard();
    }

    private List<String> open(Map<String, FoundingServers.Server> found) {
        List<String> open = new ArrayList<>();
        found.forEach((region, server) -> {
            if (server.state().writeState() == WriteState.OPEN) {
                open.add("region " + region + " is OPEN: its coordinator closes it when its lease is over");
            }
        });
        return open;
    }

    private FoundingReport close(Refounder place, Timing timing) throws CliException {
        long end = System.nanoTime() + timing.waitFor(timing.ttl()).toNanos();
        List<String> open = open(servers.read());
        while (!open.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL_NANOS);
            open = open(servers.read());
        }
        if (!open.isEmpty()) {
            return FoundingReport.refused(wanted == null ? "" : wanted, List.of(), open);
        }
        List<String> closed = new ArrayList<>();
        place.requireUntouched();
        List<String> problems = servers.close(region -> true, closed);
        Adoption plan = Adoption.of(servers.read(), wanted, place.epoch());
        problems = problems.isEmpty() ? plan.problems() : problems;
        if (!problems.isEmpty()) {
            return FoundingReport.refused(plan.master(), closed, problems);
        }
        place.requireUntouched();
        servers.forgetGuards(plan.epoch());
        place.found(plan.refounding(timing, "adopt-" + UUID.randomUUID()));
        return report("adopted", plan, closed);
    }

    private static FoundingReport report(String outcome, Adoption plan, List<String> closed) {
        return new FoundingReport(
                outcome,
                plan.epoch(),
                plan.master(),
                plan.cut().toString(),
                plan.cut().count(),
                closed,
                List.of(),
                plan.notes());
    }
}

package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.move.ServerChecks;
import io.regent.coordinator.cli.move.ServerFindings;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.sql.blocker.Blocker;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.preflight.Concern;
import io.regent.sql.preflight.Concern.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that stands against a move, or should be known before it: of ZooKeeper, of the coordinators, of the two servers.
 *
 * @param region the region that is to become master
 * @param concerns all but sessions
 * @param blockers sessions at the master that would hold the closing up
 */
record MovePreflight(String region, List<Concern> concerns, List<Blocker> blockers) {
    /** A link that is further behind is not waited for. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final String CONNECTING = "connecting";
    private static final String WAITS = "the move waits for it, and is called off if that takes too long";

    /**
     * Checks.
     *
     * @param told what the coordinators told
     * @param to one of the cluster's regions, and not its master
     * @param lag how far behind a region may be for the master to close
     * @param absence how long a region may be away without having to be rebuilt
     * @param differences what a comparison of regions found not to be the same, or null
     * @throws CliException if the file does not name one of the two regions
     */
    static MovePreflight of(
            ClusterConfig config,
            ClusterState cluster,
            Map<String, Told> told,
            String to,
            Duration lag,
            Duration absence,
            @Nullable Differences differences)
            throws CliException {
        String from = cluster.master().value().region();
        Preflight zookeeper = Preflight.of(cluster, to, lag);
        List<Concern> concerns = new ArrayList<>();
        zookeeper.problems().forEach(problem -> concerns.add(Concern.refusal(problem)));
        zookeeper.notes().forEach(note -> concerns.add(Concern.warning(note)));
        if (differences != null && differences.stand() && differences.regions().contains(to)) {
            concerns.add(Concern.error(
                    differences.line() + "; 'dbctl verify' finds out whether it still does, 'dbctl region rebuild " + to
                            + "' makes " + to + " equal",
                    "what differs at " + to + " becomes what everybody reads"));
        }
        coordinator(from, to, told.getOrDefault(to, Told.NOT_ASKED), concerns);
        ServerFindings found = checks(config, from, to).run(others(cluster, to), absence);
        concerns.addAll(found.concerns());
        return new MovePreflight(to, List.copyOf(concerns), found.blockers());
    }

    /** For questions to the servers of a move. */
    static ServerChecks checks(ClusterConfig config, String from, String to) throws CliException {
        return new ServerChecks(config, named(config, from), named(config, to));
    }

    private static RegionConfig named(ClusterConfig config, String region) throws CliException {
        return config.region(region)
                .orElseThrow(() -> new CliException("region " + region
                        + " is in the cluster, and the file does not name it: add it under 'regions'"));
    }

    private static Map<String, GtidSet> others(ClusterState cluster, String to) {
        Map<String, GtidSet> others = new LinkedHashMap<>();
        cluster.regions().stream()
                .map(RegionState::region)
                .filter(region -> !region.equals(to))
                .forEach(region -> others.put(region, Preflight.executed(cluster, region)));
        return others;
    }

    private static void coordinator(String from, String to, Told told, List<Concern> concerns) {
        CoordinatorStatus status = told.status();
        if (!told.error().isEmpty()) {
            concerns.add(Concern.warning("the coordinator of " + to + " at " + told.address() + " does not tell: "
                    + told.error() + "; its links are not known"));
        } else if (status != null) {
            if (!status.mastership().zookeeper().equals(CoordinatorStatus.CONNECTED)) {
                concerns.add(Concern.refusal("the coordinator of " + to + " has no quorum of ZooKeeper: "
                        + status.mastership().zookeeper()));
            }
            link(from, to, status).ifPresent(concerns::add);
        }
    }

    /** One that connects, as it does after every move, is waited for; so is one that is about to be started. */
    private static Optional<Concern> link(String from, String to, CoordinatorStatus status) {
        String name = "link " + to + "<-" + from;
        Optional<LinkState> found =
                status.links().stream().filter(one -> one.source().equals(from)).findFirst();
        if (found.isEmpty()) {
            return status.duty().active()
                    ? Optional.of(Concern.warning("no link brings " + to + " what " + from + " commits: "
                            + status.loop().reason()))
                    : Optional.empty(); // the other coordinator of the region runs it
        }
        LinkState link = found.get();
        Long behind = link.lagMillis();
        if (!link.isUp()) {
            String text = name + " is " + link.state() + (link.detail().isEmpty() ? "" : ": " + link.detail());
            return Optional.of(link.state().equals(CONNECTING) ? Concern.warning(text) : Concern.error(text, WAITS));
        }
        return behind != null && behind > LATE.toMillis()
                ? Optional.of(Concern.error(name + " is " + behind / 1000 + " s behind", WAITS))
                : Optional.empty();
    }

    /** Why the move is refused; empty if it is not. */
    List<String> refusals(boolean forced) {
        return concerns.stream()
                .filter(concern -> concern.refuses(forced))
                .map(Concern::text)
                .toList();
    }

    /** Whether nothing but what can be forced stands against the move, and something does. */
    boolean canBeForced() {
        return !refusals(false).isEmpty() && refusals(true).isEmpty();
    }

    /** What an operator takes upon himself who forces the move, one sentence each. */
    List<String> risks() {
        return concerns.stream()
                .filter(concern ->
                        concern.level() == Level.ERROR && !concern.risk().isEmpty())
                .map(concern -> concern.text() + "; risked: " + concern.risk())
                .toList();
    }

    /** What to know before the move. */
    List<String> warnings() {
        return concerns.stream()
                .filter(concern -> concern.level() == Level.WARNING)
                .map(Concern::text)
                .toList();
    }
}

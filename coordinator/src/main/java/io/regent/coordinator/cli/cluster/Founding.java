package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.FoundingPermit;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Account;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a cluster of regions that are ready: closes what is open, so that the history it begins with is exact, and
 * writes it to ZooKeeper in one step. Killed anywhere, it goes on when it is run again: a server that is closed is closed
 * once more, and a cluster that is there is only compared.
 */
public final class Founding {
    private static final int TRIES = 3;

    /** For who opens a server again if nothing is founded: one that hangs is not waited for. */
    private static final Duration BRIEF = Duration.ofSeconds(3);

    private final ClusterConfig config;
    private final String master;
    private final FoundingServers servers;
    private final @Nullable Terms terms;
    private boolean sent;

    /**
     * Nothing is connected yet.
     *
     * @param admin an administrator of every region's server
     * @param master the first master
     */
    public Founding(ClusterConfig config, Account admin, RegionConfig master) {
        this(config, admin, master, null);
    }

    /** The same, under terms. */
    public Founding(ClusterConfig config, Account admin, RegionConfig master, @Nullable Terms terms) {
        this.terms = terms;
        this.config = config;
        this.master = master.name();
        this.servers = terms == null ? new FoundingServers(config, admin) : new FoundingServers(config, admin, BRIEF);
    }

    /**
     * Founds it, or compares what is there with what this would make.
     *
     * @throws CliException if a server or ZooKeeper could not be asked, or it is not known whether the cluster was founded;
     *     then every server that was closed stays so
     */
    public FoundingReport run(boolean dryRun) throws CliException {
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            Seen<ClusterState> seen = observer.look();
            requireShortSessions(observer);
            Map<String, FoundingServers.Server> found = servers.read();
            if (seen instanceof Found<ClusterState> cluster) {
                return compare(cluster.value(), found);
            }
            if (seen instanceof Seen.Unknown<ClusterState> unknown) {
                throw new CliException("ZooKeeper: " + unknown.why() + "; look into it and run this again");
            }
            List<String> problems = unfit(found);
            if (!problems.isEmpty()) {
                return FoundingReport.refused(master, List.of(), problems);
            }
            return dryRun ? report("planned", found, List.of()) : close(observer);
        }
    }

    /**
     * For who undoes what it did if nothing is founded.
     *
     * @param permit by which it founds: once that is taken back, nothing that was sent before takes effect any more
     * @param closed asked once the servers are closed
     */
    public record Terms(FoundingPermit permit, Condition closed) {}

    /** What must hold for a cluster to be founded. */
    @FunctionalInterface
    public interface Condition {
        /**
         * Sees that it holds.
         *
         * @throws CliException if it does not: then nothing is founded
         */
        void require() throws CliException;
    }

    /** Whether ZooKeeper was asked to take the cluster: if not, there is none of this run, and there will be none. */
    public boolean isSent() {
        return sent;
    }

    /** A lease must not outlive what a coordinator can know: no region would open. */
    public static void requireShortSessions(ClusterObserver observer) throws CliException {
        try {
            observer.negotiatedSession().ifPresent(Timing.standard()::negotiated);
        } catch (IllegalArgumentException e) {
            throw new CliException(
                    "ZooKeeper grants too long sessions (" + e.getMessage()
                            + "); set tickTime=500 in the configuration of its servers and restart them",
                    e);
        }
    }

    /** Beside no run of {@code adopt}, which would open its master again if it sees no cluster. */
    private FoundingReport close(ClusterObserver observer) throws CliException {
        try (FoundingServers.Turn turn = servers.turn()) {
            if (terms == null) {
                turn.take();
            }
            return closed(observer);
        }
    }

    private FoundingReport closed(ClusterObserver observer) throws CliException {
        List<String> closed = new ArrayList<>();
        List<String> problems = servers.close(master::equals, closed);
        if (!problems.isEmpty()) {
            return FoundingReport.refused(master, closed, problems);
        }
        if (terms != null) {
            terms.closed.require();
        }
        // Nobody writes any more: what is read now is exact.
        Map<String, FoundingServers.Server> exact = servers.read();
        problems = new ArrayList<>(unfit(exact));
        if (FoundingServers.of(exact, master).state().writeState() != WriteState.SEALED) {
            problems.add(
                    "region " + master + " was opened again meanwhile: what it has is not exact; look who does that");
        }
        return problems.isEmpty() ? found(observer, exact, closed) : FoundingReport.refused(master, closed, problems);
    }

    private FoundingReport found(
            ClusterObserver observer, Map<String, FoundingServers.Server> exact, List<String> closed)
            throws CliException {
        Master first = Master.first(master, cut(exact), "init-" + UUID.randomUUID());
        List<Origin> origins = new ArrayList<>();
        exact.forEach((region, server) -> origins.add(new Origin(server.state().serverUuid(), region, 1)));
        Written written = new Written.Unknown("not tried");
        for (int i = 0; i < TRIES && written instanceof Written.Unknown; i++) {
            written = ZooKeeperAccess.isConnected(observer)
                    ? send(observer, first, origins)
                    : new Written.Unknown("not connected to ZooKeeper");
        }
        if (written.isOk()) {
            return report("done", exact, closed);
        }
        Seen<ClusterState> now = observer.look();
        if (!(now instanceof Found<ClusterState> cluster)) {
            throw new CliException("ZooKeeper did not take the cluster: " + written + ", and now: " + now
                    + "; the regions stay closed, run this again");
        }
        boolean ours = cluster.value().master().value().attempt().equals(first.attempt());
        return ours ? report("done", exact, closed) : compare(cluster.value(), exact);
    }

    private Written send(ClusterObserver observer, Master first, List<Origin> origins) {
        sent = true;
        return terms == null
                ? observer.setup().found(first, Timing.standard(), origins)
                : terms.permit.found(first, Timing.standard(), origins);
    }

    private GtidSet cut(Map<String, FoundingServers.Server> found) {
        return FoundingServers.of(found, master).state().gtidExecuted();
    }

    /** Why a cluster cannot be made of these servers. */
    private List<String> unfit(Map<String, FoundingServers.Server> found) {
        List<String> problems = new ArrayList<>();
        GtidSet cut = cut(found);
        found.forEach((region, server) -> {
            if (server.epoch() > 0) {
                problems.add("region " + region + " recorded epoch " + server.epoch()
                        + ", but ZooKeeper has no cluster "
                        + config.cluster() + ": it was emptied, or this is another ensemble; restore it, name it in"
                        + " the file, or say --adopt-epoch");
            }
            GtidSet holes = server.state()
                    .gtidExecuted()
                    .restrictedTo(server.state().serverUuid()::equals)
                    .holes();
            if (!holes.isEmpty()) {
                problems.add(
                        "region " + region + " lacks transactions of its own (" + holes
                                + "), whose numbers it would give out a second time: was it restored from a copy? Build it anew"
                                + " from another, or commit each of them empty (SET gtid_next, BEGIN, COMMIT) if nobody has them");
            }
            GtidSet beyond = server.state().gtidExecuted().subtract(cut);
            if (!beyond.isEmpty()) {
                problems.add("region " + region + " has " + beyond.count() + " transactions that " + master
                        + " lacks (" + beyond + "): carry them over (dbctl link " + region + " " + master
                        + " --until-caught-up) or build " + region + " anew from " + master);
            }
        });
        return problems;
    }

    private FoundingReport report(String outcome, Map<String, FoundingServers.Server> found, List<String> closed) {
        GtidSet cut = cut(found);
        GtidSet purged = FoundingServers.of(found, master).state().gtidPurged();
        List<String> notes = new ArrayList<>();
        found.forEach((region, server) -> {
            GtidSet gone = purged.subtract(server.state().gtidExecuted());
            if (!gone.isEmpty()) {
                notes.add(region + " lacks " + gone.count() + " transactions that are no longer in the binlog of "
                        + master + ": no link can bring them; build " + region + " anew from " + master);
            }
        });
        return new FoundingReport(
                outcome, 1, master, cut.toString(), cut.count(), List.copyOf(closed), List.of(), notes);
    }

    /** A cluster that is there must be the one that this would make; since then its master may have changed. */
    private FoundingReport compare(ClusterState cluster, Map<String, FoundingServers.Server> found) {
        List<String> problems = new ArrayList<>();
        String founder = cluster.history().containsKey(1L)
                ? cluster.history().get(1L).region()
                : cluster.master().value().region();
        if (!founder.equals(master)) {
            problems.add("ZooKeeper has the cluster, founded with master " + founder + ", not " + master
                    + "; to move it use dbctl promote");
        }
        List<String> known =
                cluster.regions().stream().map(region -> region.region()).toList();
        known.stream()
                .filter(region -> !found.containsKey(region))
                .forEach(region -> problems.add("ZooKeeper has region " + region + ", which the file does not name"));
        found.forEach((region, server) -> difference(cluster, region, server).ifPresent(problems::add));
        if (!problems.isEmpty()) {
            return FoundingReport.refused(master, List.of(), problems);
        }
        Master now = cluster.master().value();
        return new FoundingReport("unchanged", now.epoch(), now.region(), "", 0, List.of(), List.of(), List.of());
    }

    private static Optional<String> difference(ClusterState cluster, String region, FoundingServers.Server server) {
        if (cluster.regions().stream().noneMatch(known -> known.region().equals(region))) {
            return Optional.of("region " + region + " is not in the cluster: it was founded without it");
        }
        if (cluster.originsOf(region).noneMatch(of(server))) {
            return Optional.of("region " + region + " has another server now: its uuid "
                    + server.state().serverUuid() + " is not among those that the cluster knows");
        }
        return server.epoch() > cluster.epoch()
                ? Optional.of("region " + region + " recorded epoch " + server.epoch() + ", ZooKeeper is at "
                        + cluster.epoch() + ": it was set back")
                : Optional.empty();
    }

    private static Predicate<Origin> of(FoundingServers.Server server) {
        return origin -> origin.uuid().equals(server.state().serverUuid());
    }
}

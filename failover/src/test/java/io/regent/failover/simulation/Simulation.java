package io.regent.failover.simulation;

import io.regent.failover.decide.Mutants;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run: three regions with two coordinators each live through a storm, then through calm weather in which a region
 * must be OPEN and all data must become equal.
 */
final class Simulation {
    static final List<String> REGIONS = List.of("phx1", "aws1", "aws2");
    private static final long STORM_MILLIS = 60_000;
    private static final long CALM_MILLIS = 150_000;
    private static final long CLIENT_MILLIS = 250;
    private static final long CLOSED_MILLIS = 20_000;
    /** By then a region that can be fit is. */
    private static final long UNFIT_MILLIS = 15_000;

    /** In how many runs some coordinators are of a former version. */
    private static final double MIXED = 0.25;

    /**
     * What came of a run.
     *
     * @param fingerprint equal for two runs of one seed
     * @param events how many happened
     * @param withdrawn whether ZooKeeper was set back and refused
     */
    record Result(long fingerprint, long events, Invariants invariants, boolean withdrawn) {}

    private final long seed;
    private final World world;
    private final Invariants invariants;
    private final SimZooKeeper zookeeper;
    private final List<SimMysql> servers = new ArrayList<>();
    private final List<SimCoordinator> coordinators = new ArrayList<>();
    private final Weather weather;
    private boolean writing = true;

    Simulation(long seed, Variant variant, boolean talking) {
        this.seed = seed;
        Timing timing = Mutants.timing();
        world = new World(seed, talking);
        Snapshot first = first(timing);
        invariants = new Invariants(world, timing, first);
        zookeeper = new SimZooKeeper(
                world, first, timing.session().toMillis(), timing.tick().toMillis());
        boolean mixed = world.chance(MIXED);
        String upgraded = REGIONS.get(world.pick(REGIONS.size()));
        SimRefusals refusals = new SimRefusals(world, !mixed);
        for (Origin origin : first.cluster().origins()) {
            servers.add(new SimMysql(world, timing, invariants, refusals, variant, origin));
        }
        SimNetwork network = new SimNetwork(servers);
        for (SimMysql server : servers) {
            for (int number = 1; number <= 2; number++) {
                boolean former = mixed && !server.region.equals(upgraded) && world.chance(0.6);
                coordinators.add(new SimCoordinator(
                        world,
                        zookeeper,
                        server,
                        network,
                        invariants,
                        variant,
                        new SimCoordinator.Place(number, former)));
            }
            writes(server);
        }
        invariants.watch(zookeeper, servers, mixed);
        Operator operator = new Operator(world, zookeeper, servers, refusals);
        weather = new Weather(world, zookeeper, invariants, coordinators, network, operator, season(variant));
    }

    /** For every variant the same dice are thrown. */
    private @Nullable Strike season(Variant variant) {
        Strike any = world.chance(0.5) ? Strike.any(world) : null;
        return variant.season() == null ? any : variant.season();
    }

    private static Snapshot first(Timing timing) {
        List<RegionState> regions = new ArrayList<>();
        List<Origin> origins = new ArrayList<>();
        for (String region : REGIONS) {
            Lease none = Lease.none(timing.ttl());
            regions.add(new RegionState(region, new Znode<>(none, 0), null, false));
            origins.add(new Origin(new UUID(region.hashCode(), 1), region, 0));
        }
        Znode<Master> master = new Znode<>(Master.first(REGIONS.get(0), GtidSet.EMPTY, "init"), 0);
        ClusterState cluster = new ClusterState(
                master,
                regions,
                new TreeMap<>(),
                Map.of(),
                List.of(),
                List.copyOf(origins),
                new Znode<>(Mutants.policy(), 0));
        return new Snapshot(0, cluster, new TreeMap<>());
    }

    private long storm() {
        long events = 0;
        while (world.step(weather.longEnough(STORM_MILLIS))) {
            invariants.afterEvent();
            events++;
        }
        return events;
    }

    /** The storm and the calm after it. */
    Result run() {
        long events = storm();
        weather.clear();
        world.note(60, () -> "calm");
        long calm = world.time();
        weather.stalled().forEach(server -> relieve(server, calm));
        while (!settled() && !isClosedFor(calm) && world.step(calm + CALM_MILLIS)) {
            invariants.afterEvent();
            events++;
            writing = world.time() < calm + CALM_MILLIS / 3 && writing && !settledButForWrites();
        }
        conclude();
        return new Result(world.fingerprint(), events, invariants, zookeeper.isWithdrawn());
    }

    /** A disk stays full until another region does the work, if one can. */
    private void relieve(SimMysql server, long calm) {
        ClusterState cluster = zookeeper.current().cluster();
        boolean can = world.time() < calm + UNFIT_MILLIS || Mutants.isOtherFit(cluster, server.region);
        if (server.isOpen() && openUnder(cluster) == 0 && can) {
            world.after(500, () -> relieve(server, calm));
        } else {
            server.flow();
        }
    }

    private void writes(SimMysql server) {
        world.after(world.upTo(CLIENT_MILLIS), () -> {
            if (writing) {
                server.write();
            }
            writes(server);
        });
    }

    private boolean settledButForWrites() {
        ClusterState cluster = zookeeper.current().cluster();
        return openUnder(cluster) == 1 && servers.stream().noneMatch(server -> isDiverged(cluster, server));
    }

    private boolean settled() {
        SimMysql one = servers.get(0);
        return !writing
                && settledButForWrites()
                && !isOrdered()
                && servers.stream()
                        .allMatch(server -> server.executed().equals(one.executed())
                                && invariants.accounted(server).equals(invariants.accounted(one)));
    }

    /** Whether ZooKeeper's word was withdrawn so long ago that no lease lasts any more. */
    private boolean isClosedFor(long calm) {
        return zookeeper.isWithdrawn() && world.time() > calm + CLOSED_MILLIS;
    }

    private boolean isOrdered() {
        return zookeeper.current().cluster().ordered(Plan.Kind.FAILOVER).isPresent();
    }

    private long openUnder(ClusterState cluster) {
        Master master = cluster.master().value();
        return servers.stream()
                .filter(server -> server.acknowledges()
                        && server.region.equals(master.region())
                        && server.recorded().openedEpoch() == master.epoch())
                .count();
    }

    private static boolean isDiverged(ClusterState cluster, SimMysql server) {
        return !History.of(cluster)
                .outside(server.region, server.executed(), server.recorded().openedEpoch())
                .isEmpty();
    }

    private void conclude() {
        ClusterState cluster = zookeeper.current().cluster();
        if (zookeeper.isWithdrawn()) {
            if (servers.stream().anyMatch(SimMysql::acknowledges)) {
                throw new Violation("SetBackIsRefused", "a region is OPEN though nobody can know under which epoch");
            }
            return; // a human decides which state is brought back
        }
        if (weather.hasRestored() && !Mutants.isAnyFit(cluster)) {
            return; // the others have diverged meanwhile: a human decides whose writes are given up
        }
        if (openUnder(cluster) != 1) {
            throw new Violation("AlwaysAMaster", "nobody is OPEN under " + cluster.master());
        }
        invariants.atLast();
        if (isOrdered()) {
            throw new Violation("OrdersEnd", "an order that nobody waits for stands for ever");
        }
        if (!settled()) {
            throw new Violation("Convergence", sets());
        }
    }

    private String sets() {
        StringBuilder all = new StringBuilder();
        servers.forEach(server -> all.append(server.region)
                .append(" has ")
                .append(server.executed())
                .append(" with the rows of ")
                .append(server.rows())
                .append("; "));
        return all.toString();
    }

    /** What happened, for whoever has to find out why. */
    String transcript() {
        return "seed " + seed + "\n" + world.transcript();
    }
}

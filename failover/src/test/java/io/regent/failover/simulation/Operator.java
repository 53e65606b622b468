package io.regent.failover.simulation;

import io.regent.failover.decide.Mutants;
import io.regent.failover.history.History;
import io.regent.failover.history.Numbers;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Orders moves and failovers, calls some off, and rebuilds regions that diverged. */
final class Operator {
    private static final int WAYS = 3;
    private static final Duration PATIENCE = Duration.ofMillis(400);

    /** In how many runs operators pause the automation, spare regions and limit losses. */
    private static final double WISHFUL = 0.3;

    private final World world;
    private final SimZooKeeper zookeeper;
    private final List<SimMysql> servers;
    private final SimRefusals refusals;
    private int plans;
    private int rebuilds;
    private long seen;
    private int closing;
    private final boolean wishful;

    Operator(World world, SimZooKeeper zookeeper, List<SimMysql> servers, SimRefusals refusals) {
        this.refusals = refusals;
        this.world = world;
        this.zookeeper = zookeeper;
        this.servers = servers;
        this.wishful = world.chance(WISHFUL);
        zookeeper.onChange(this::perhapsAtOnce);
        next();
    }

    /** Now and then somebody changes their mind as soon as a region was named, or while one closes. */
    private void perhapsAtOnce() {
        Znode<Master> master = zookeeper.current().cluster().master();
        if (master.value().epoch() > seen && world.mishap(0.5)) {
            world.after(world.upTo(500), () -> order(Plan.Kind.MOVE));
        }
        if (master.value().epoch() > seen && world.mishap(0.5)) {
            letGo();
        }
        seen = master.value().epoch();
        String plan = master.value().closing();
        if (plan != null && master.version() > closing && world.mishap(0.5)) {
            world.after(world.upTo(1_500), () -> giveUpOn(master));
        }
        if (plan != null && master.version() > closing && world.mishap(0.3)) {
            world.after(world.upTo(100), () -> callOff(plan));
        }
        closing = master.version();
    }

    /** A closing that takes long: whoever waits for it orders a failover. */
    private void giveUpOn(Znode<Master> master) {
        if (!world.isCalm() && zookeeper.current().cluster().master().version() == master.version()) {
            order(Plan.Kind.FAILOVER);
        }
    }

    private void next() {
        world.after(world.between(500, 6_000), () -> {
            if (!world.isCalm()) {
                order(world.chance(0.1) ? Plan.Kind.FAILOVER : Plan.Kind.MOVE);
            }
            if (wishful) {
                wish();
            }
            letGo();
            servers.forEach(this::rebuildIfDiverged);
            next();
        });
    }

    /** Now and then the automation is paused, a region spared, or a loss limited, for a while; all of it ends in calm. */
    private void wish() {
        String region = servers.get(world.pick(servers.size())).region;
        if (world.mishap(0.1)) {
            change(policy -> policy.withPaused("tired"));
        } else if (world.mishap(0.1)) {
            change(policy -> policy.withMaintenance(region, true));
        } else if (world.mishap(0.1)) {
            change(policy -> policy.withMaxStranded(world.upTo(5) - 1));
        } else if (world.isCalm() || world.chance(0.4)) {
            change(policy -> Mutants.policy());
        }
    }

    /**
     * Lets transactions go at which links stopped. Whoever is asked takes their time, and the command looks only before
     * that: a change of the master may come in between, by which one is not history any more.
     */
    private void letGo() {
        for (SimRefusals.Stop stop :
                refusals.stops(zookeeper.current().cluster().skipped())) {
            if (world.chance(0.4)) {
                world.after(world.upTo(3_000), () -> skip(stop.gtid()));
            }
        }
    }

    private void skip(Gtid gtid) {
        zookeeper.force(state -> {
            GtidSet skipped = state.cluster().skipped();
            if (skipped.contains(gtid)) {
                return null;
            }
            world.note(54, () -> "operator lets " + gtid + " go");
            return state.with(Clusters.skipped(state.cluster(), skipped.plus(gtid)));
        });
    }

    private void change(UnaryOperator<Policy> change) {
        zookeeper.force(state -> {
            ClusterState now = state.cluster();
            Policy next = change.apply(now.policy().value());
            world.note(53, () -> "operator wishes " + next);
            return state.with(
                    Clusters.policy(now, new Znode<>(next, now.policy().version() + 1)));
        });
    }

    /** Something happened to a region: now and then an operator does not wait. */
    void alarm(String region) {
        if (world.chance(0.3)) {
            world.after(world.upTo(1_000), () -> {
                if (zookeeper.current().cluster().master().value().region().equals(region)) {
                    order(Plan.Kind.FAILOVER);
                }
            });
        }
    }

    /** Anywhere; whoever gave it waits for it as long as they will. */
    void order(Plan.Kind kind) {
        String to = servers.get(world.pick(servers.size())).region;
        String id = "plan-" + ++plans;
        long patience = world.between(200, 15_000);
        @Nullable Duration life = kind == Plan.Kind.FAILOVER ? Duration.ofMillis(patience) : null;
        zookeeper.force(state -> {
            Plan plan = new Plan(id, kind, state.cluster().epoch(), to, null, false, life, drain());
            world.note(50, () -> "operator orders " + kind + " to " + to + " as " + id);
            return ZooKeeperHands.withPlan(state, plan, 0);
        });
        if (life != null && world.mishap(0.3)) {
            return; // the command is killed, and nobody calls its order off
        }
        world.after(patience, () -> callOff(id));
    }

    private void callOff(String id) {
        zookeeper.force(state -> {
            Znode<Plan> plan = state.cluster().plans().get(id);
            return plan == null || plan.value().aborted()
                    ? null
                    : ZooKeeperHands.withPlan(state, plan.value().calledOff(), plan.version() + 1);
        });
    }

    /** One in three moves regards no client, one waits for them and is called off, one kills them. */
    private @Nullable Drain drain() {
        int way = plans % WAYS;
        return way == 0 ? null : new Drain(PATIENCE, way == 1);
    }

    /** From the master, while it is open in the newest epoch. */
    private void rebuildIfDiverged(SimMysql server) {
        ClusterState cluster = zookeeper.current().cluster();
        Master master = cluster.master().value();
        SimMysql source = servers.stream()
                .filter(other -> other.region.equals(master.region()))
                .findFirst()
                .orElseThrow();
        boolean may = source.isOpen()
                && server.isUp()
                && source.recorded().openedEpoch() == master.epoch()
                && master.closing() == null
                && !server.region.equals(master.region());
        if (!may || !needsRebuilding(cluster, server) || !world.chance(0.05)) {
            return;
        }
        UUID uuid = new UUID(server.region.hashCode(), ++rebuilds + 1000L);
        world.note(51, () -> "operator rebuilds " + server.region);
        zookeeper.force(state -> state.with(withOrigin(state.cluster(), uuid, server.region)));
        server.rebuild(uuid, source);
    }

    /** How often a region was rebuilt. */
    int rebuilds() {
        return rebuilds;
    }

    /**
     * Whether a copy can be told from its server. One that is newer than the last renewal cannot, as little as a disk
     * that forgot what it had confirmed; such a one is put back only if nothing was written since.
     */
    boolean couldTell(SimMysql server, SimMysql.Copy copy) {
        return copy.data().executed().equals(server.executed())
                || Numbers.wentBack(
                        zookeeper.current().cluster(),
                        server.region,
                        copy.data().uuid(),
                        copy.asks());
    }

    private static boolean needsRebuilding(ClusterState cluster, SimMysql server) {
        return !History.of(cluster)
                        .outside(
                                server.region,
                                server.executed(),
                                server.recorded().openedEpoch())
                        .isEmpty()
                || Numbers.wentBack(cluster, server.region, server.uuid(), server.asks())
                || !Numbers.missing(cluster, server.region, server.uuid(), server.executed())
                        .isEmpty();
    }

    private ClusterState withOrigin(ClusterState cluster, UUID uuid, String region) {
        List<Origin> origins = new ArrayList<>(cluster.origins());
        origins.add(new Origin(uuid, region, rebuilds + 1));
        return Clusters.origins(cluster, List.copyOf(origins));
    }
}

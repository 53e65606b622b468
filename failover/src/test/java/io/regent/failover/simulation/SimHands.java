package io.regent.failover.simulation;

import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Settle;
import io.regent.failover.action.MysqlAction.Spool;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.MysqlAction.StoreVerdict;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.Halt;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.action.ZookeeperAction.Freeze;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Performs actions on the simulated servers; every answer can be lost, every request can come late. */
final class SimHands implements Hands {
    private final World world;
    private final SimZooKeeper zookeeper;
    private final SimNetwork network;
    private final Variant variant;
    private final SimCoordinator self;
    private SimLinks links;

    SimHands(World world, SimZooKeeper zookeeper, SimNetwork network, Variant variant, SimCoordinator self) {
        this.world = world;
        this.zookeeper = zookeeper;
        this.network = network;
        this.variant = variant;
        this.self = self;
        this.links = SimLinks.NONE;
    }

    /** The process ended, and its links with it. */
    void abandon() {
        links.stop();
        links = SimLinks.NONE;
    }

    // MySQL.

    private Outcome mysql(BooleanSupplier statement) {
        if (!self.reachesMysql() || world.mishap(0.005)) {
            return Outcome.UNKNOWN;
        }
        if (world.mishap(0.005)) {
            int run = self.mysql.run();
            world.after(world.upTo(3_000), () -> {
                boolean done = self.mysql.answers() && self.mysql.run() == run && statement.getAsBoolean();
                world.note(52, () -> self.name + "   late: " + done);
            });
            return Outcome.UNKNOWN;
        }
        boolean done = statement.getAsBoolean();
        if (world.mishap(0.005)) {
            return Outcome.UNKNOWN;
        }
        return done ? Outcome.DONE : Outcome.REFUSED;
    }

    @Override
    public Outcome ask(Ask action) {
        return mysql(() -> self.mysql.ask(self.name, action.nonce()));
    }

    @Override
    public Outcome grant(Grant action) {
        return mysql(() -> self.mysql.grant(self.name, action.nonce()));
    }

    @Override
    public Outcome open(Open action) {
        return mysql(() -> self.mysql.open(self.name, action.epoch(), action.nonce()));
    }

    @Override
    public Outcome close(Close action) {
        throw new IllegalStateException("closing takes time: the coordinator does it itself");
    }

    @Override
    public Outcome standby(Standby action) {
        return mysql(self.mysql::standby);
    }

    @Override
    public Outcome raiseGuards(RaiseGuards action) {
        return mysql(() -> self.mysql.raiseGuards(network.regions(), action.epoch(), action.incarnation()));
    }

    @Override
    public Outcome recordEpoch(RecordEpoch action) {
        return mysql(() -> self.mysql.record(action.epoch(), action.region(), action.cut()));
    }

    /** Reading a binlog and writing at the master takes what it takes, and may come to nothing. */
    @Override
    public Outcome spool(Spool action) {
        return mysql(() -> !world.mishap(0.2));
    }

    @Override
    public Outcome storeVerdict(StoreVerdict action) {
        return mysql(() -> self.mysql.storeVerdict(action.verdict(), action.had()));
    }

    @Override
    public Outcome settle(Settle action) {
        return mysql(() -> self.mysql.settle(action.verdict(), action.rewind()));
    }

    // The process.

    @Override
    public Outcome stopLinks(StopLinks action) {
        links.stop();
        return self.mysql.applying(self.start()) ? Outcome.REFUSED : Outcome.DONE;
    }

    @Override
    public Outcome runLinks(RunLinks action) {
        links = new SimLinks(world, network, self, action);
        return Outcome.DONE;
    }

    @Override
    public Outcome halt(Halt action) {
        self.crash();
        world.after(world.upTo(3_000), self::restart);
        return Outcome.UNKNOWN;
    }

    // ZooKeeper.

    @Override
    public Outcome renew(Renew action) {
        Outcome outcome = zookeeper.write(self.session(), state -> {
            return state.cluster().master().version() != action.masterVersion()
                    ? null
                    : state.withRegion(
                            action.region(),
                            region -> new RegionState(
                                    region.region(),
                                    new Znode<>(action.lease(), region.lease().version() + 1),
                                    region.report(),
                                    region.present()));
        });
        if (variant.has(Flaw.READ_RENEWS) && outcome.result() == Outcome.Result.UNKNOWN) {
            Snapshot read = zookeeper.read(self.session());
            boolean same = read != null && read.cluster().master().version() == action.masterVersion();
            return same ? Outcome.DONE : outcome;
        }
        return outcome;
    }

    @Override
    public Outcome changeMaster(ChangeMaster action) {
        Outcome outcome = zookeeper.write(
                self.session(), state -> changed(state, action, action.from().version()));
        if (variant.has(Flaw.RETRIES_BAD_VERSION) && outcome.result() == Outcome.Result.REFUSED) {
            return zookeeper.write(
                    self.session(),
                    state -> changed(state, action, state.cluster().master().version()));
        }
        return outcome.isDone() ? outcome : Outcome.UNKNOWN;
    }

    private @Nullable Snapshot changed(Snapshot state, ChangeMaster action, int version) {
        ClusterState cluster = state.cluster();
        boolean stands = cluster.master().version() == version
                && action.checks().stream().allMatch(check -> stands(cluster, check));
        if (!stands) {
            return null;
        }
        Snapshot next = state.withMaster(action.to());
        Ended ended = action.ended();
        if (ended == null) {
            return next;
        }
        SortedMap<Long, Ended> history = new TreeMap<>(cluster.history());
        history.put(ended.epoch(), ended);
        ClusterState after = next.cluster();
        return new Snapshot(
                next.zxid(),
                new ClusterState(
                        after.master(), after.regions(), history, after.plans(), after.verdicts(), after.origins()),
                next.latches());
    }

    private static boolean stands(ClusterState cluster, Check check) {
        if (check.kind() == Check.Kind.LEASE) {
            return cluster.region(check.name()).lease().version() == check.version();
        }
        Znode<Plan> plan = cluster.plans().get(check.name());
        return plan != null && plan.version() == check.version();
    }

    @Override
    public Outcome judge(Judge action) {
        Outcome outcome = zookeeper.write(self.session(), state -> {
            ClusterState cluster = state.cluster();
            if (cluster.master().version() != action.from().version()) {
                return null;
            }
            Master master = cluster.master().value();
            Master next = new Master(
                    master.epoch(),
                    master.region(),
                    master.givingUp(),
                    master.cut(),
                    action.verdict().number(),
                    action.attempt());
            List<Verdict> verdicts = new ArrayList<>(cluster.verdicts());
            verdicts.add(action.verdict());
            return state.with(new ClusterState(
                            cluster.master(),
                            cluster.regions(),
                            cluster.history(),
                            cluster.plans(),
                            List.copyOf(verdicts),
                            cluster.origins()))
                    .withMaster(next);
        });
        return outcome.isDone() ? outcome : Outcome.UNKNOWN;
    }

    @Override
    public Outcome freeze(Freeze action) {
        return zookeeper.write(self.session(), state -> {
            Znode<Plan> before = state.cluster().plans().get(action.plan().id());
            int version = before == null ? -1 : before.version();
            boolean stands =
                    state.cluster().master().version() == action.masterVersion() && version == action.planVersion();
            return stands ? withPlan(state, action.plan(), version + 1) : null;
        });
    }

    static Snapshot withPlan(Snapshot state, Plan plan, int version) {
        ClusterState cluster = state.cluster();
        Map<String, Znode<Plan>> plans = new HashMap<>(cluster.plans());
        plans.put(plan.id(), new Znode<>(plan, version));
        return state.with(new ClusterState(
                cluster.master(),
                cluster.regions(),
                cluster.history(),
                Map.copyOf(plans),
                cluster.verdicts(),
                cluster.origins()));
    }

    @Override
    public Outcome publish(Publish action) {
        return zookeeper.write(self.session(), state -> {
            RegionState before = state.cluster().region(action.region());
            int version = before.report() == null ? -1 : before.report().version();
            return version != action.reportVersion()
                    ? null
                    : state.withRegion(
                            action.region(),
                            region -> new RegionState(
                                    region.region(),
                                    region.lease(),
                                    new Znode<>(action.report(), version + 1),
                                    region.present()));
        });
    }

    @Override
    public Outcome readBack(ReadBack action) {
        Outcome outcome = zookeeper.write(self.session(), state -> state.with(state.cluster()));
        return outcome.result() == Outcome.Result.REFUSED ? Outcome.DONE : outcome;
    }
}

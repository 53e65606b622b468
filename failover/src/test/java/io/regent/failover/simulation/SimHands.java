package io.regent.failover.simulation;

import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.EndBlockers;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.Probe;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Settle;
import io.regent.failover.action.MysqlAction.Spool;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.MysqlAction.StoreVerdict;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.EndLinks;
import io.regent.failover.action.ProcessAction.Halt;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Performs actions on the simulated servers; every answer can be lost, every request can come late. */
final class SimHands extends ZooKeeperHands {
    private final World world;
    private final SimNetwork network;
    private final SimCoordinator self;
    private final Variant variant;
    private SimNeighbours neighbours;
    private SimLinks links;

    SimHands(World world, SimZooKeeper zookeeper, SimNetwork network, Variant variant, SimCoordinator self) {
        super(zookeeper, variant);
        this.world = world;
        this.network = network;
        this.self = self;
        this.variant = variant;
        this.neighbours = new SimNeighbours(network, self.region);
        this.links = SimLinks.NONE;
    }

    @Override
    SimZooKeeper.Session session() {
        return self.session();
    }

    @Override
    @Nullable ClusterState seen() {
        return self.seen();
    }

    /** The process ended, and its links with it. */
    void abandon() {
        links.stop();
        links = SimLinks.NONE;
        neighbours = new SimNeighbours(network, self.region);
    }

    /** Whom its links reach, as they last found out. */
    Reach reach() {
        return links.reach();
    }

    /** Asks its neighbours what they recorded, as long as they have not answered. */
    void askNeighbours() {
        neighbours.ask(self.session());
    }

    @Override
    boolean contradicted(long epoch) {
        return !variant.has(Flaw.ASKS_NO_NEIGHBOUR) && neighbours.contradict(epoch, self.seen());
    }

    // MySQL.

    private Outcome mysql(BooleanSupplier statement) {
        return mysql(0.005, statement);
    }

    private Outcome mysql(double late, BooleanSupplier statement) {
        if (!self.reachesMysql() || world.mishap(0.005)) {
            return Outcome.UNKNOWN;
        }
        if (world.mishap(late)) {
            int run = self.mysql.run();
            world.after(world.upTo(world.chance(0.5) ? 600 : 3_000), () -> {
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
        return mysql(() -> self.mysql.ask(self.name, action.nonce(), action.asks()));
    }

    @Override
    public Outcome grant(Grant action) {
        return mysql(() -> self.mysql.grant(self.name, action.nonce()));
    }

    @Override
    public Outcome open(Open action) {
        askNeighbours();
        if (contradicted(action.epoch())) {
            return Outcome.REFUSED;
        }
        return mysql(0.15, () -> self.mysql.open(self.name, action.epoch(), action.nonce()));
    }

    @Override
    public Outcome close(Close action) {
        throw new IllegalStateException("closing takes time: the coordinator does it itself");
    }

    @Override
    public Outcome endBlockers(EndBlockers action) {
        return mysql(self.mysql::endBlockers);
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
        return mysql(() -> self.mysql.record(action.epoch(), action.region(), action.cut(), action.incarnation()));
    }

    @Override
    public Outcome probe(Probe action) {
        return mysql(self.mysql::probe);
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
    public Outcome endLinks(EndLinks action) {
        links.stop();
        return Outcome.DONE;
    }

    @Override
    public Outcome stopLinks(StopLinks action) {
        links.stop();
        return self.mysql.applying(self.start()) ? Outcome.REFUSED : Outcome.DONE;
    }

    @Override
    public Outcome runLinks(RunLinks action) {
        links = new SimLinks(world, network, variant, self, action);
        return Outcome.DONE;
    }

    @Override
    public Outcome halt(Halt action) {
        self.crash();
        world.after(world.upTo(3_000), self::restart);
        return Outcome.UNKNOWN;
    }
}

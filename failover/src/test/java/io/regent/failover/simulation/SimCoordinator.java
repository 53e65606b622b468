package io.regent.failover.simulation;

import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.cycle.Cycle;
import io.regent.failover.cycle.Cycles;
import io.regent.failover.cycle.Decided;
import io.regent.failover.cycle.Step;
import io.regent.failover.cycle.Step.LookAtCluster;
import io.regent.failover.cycle.Step.LookAtServer;
import io.regent.failover.cycle.Step.Perform;
import io.regent.failover.cycle.Step.Rest;
import io.regent.failover.history.Deliverable;
import io.regent.failover.history.SourceEpoch;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Reach;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.Duty;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Remains;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's process: does what the daemon's own {@link Cycle} says, one step at a time, with a pause of any length
 * before each.
 */
final class SimCoordinator {
    final String name;
    final String region;
    final SimMysql mysql;
    final HostClock clock;
    private final boolean sameHost;
    private final World world;
    private final SimZooKeeper zookeeper;
    private final Variant variant;
    private final SimHands hands;
    private final boolean former;
    private final Invariants invariants;

    private SimZooKeeper.Session session;
    private boolean onNewSession;
    private Cycle cycle;
    private Duty duty = new Duty(false, false, 0);
    private @Nullable ClusterState seen;
    private boolean alive = true;
    private boolean zookeeperCut;
    private boolean mysqlCut;
    private long pausedUntil;
    private @Nullable Predicate<Action> ambushed;
    private long ambush;
    private Start start = new Start();
    private long tokens;
    private boolean woken;
    private boolean resting;
    private long rests;

    /**
     * Which coordinator of its region it is.
     *
     * @param number from 1, which is on the host of its mysqld
     * @param former whether it is of a former version
     */
    record Place(int number, boolean former) {}

    /** One start of the process; what it left behind is told apart by it. */
    static final class Start {}

    SimCoordinator(
            World world,
            SimZooKeeper zookeeper,
            SimMysql mysql,
            SimNetwork network,
            Invariants invariants,
            Variant variant,
            Place place) {
        this.world = world;
        this.invariants = invariants;
        this.zookeeper = zookeeper;
        this.mysql = mysql;
        this.variant = variant;
        this.region = mysql.region;
        this.name = region + "/" + place.number();
        this.sameHost = place.number() == 1;
        this.former = place.former();
        this.clock = new HostClock(world);
        this.session = connect();
        this.cycle = newCycle();
        this.hands = new SimHands(world, zookeeper, network, variant, this);
        network.enroll(this);
        if (sameHost) {
            mysql.onDeath(() -> wake(start));
        }
        begin();
    }

    // What hands need.

    SimZooKeeper.Session session() {
        return session;
    }

    /** What it saw last of the cluster. */
    @Nullable ClusterState seen() {
        return seen;
    }

    boolean runs(Start when) {
        return alive && start == when;
    }

    Start start() {
        return start;
    }

    boolean isWell() {
        return alive && pausedUntil <= world.time() && reachesMysql();
    }

    /** Whether it would hand out what is on the disk of its dead MySQL. */
    boolean handsOut() {
        return alive && pausedUntil <= world.time() && sameHost && !mysql.isUp();
    }

    boolean reachesMysql() {
        return !mysqlCut && mysql.answers();
    }

    /** What its links may commit of this, void first, then what is held, and only then what was skipped. */
    GtidSet delivered(Deliverable deliverable, GtidSet missing, SourceEpoch source, boolean passesOn) {
        GtidSet history = deliverable.of(missing, source, passesOn);
        return variant.has(Flaw.SKIPS_WHAT_IS_HELD) ? history.union(missing.intersect(deliverable.skipped())) : history;
    }

    /** What of this its links commit empty. */
    GtidSet leavesOut(Deliverable deliverable, GtidSet gtids) {
        return variant.has(Flaw.SKIPS_UNASKED) ? mysql.refused(gtids) : gtids.intersect(deliverable.skipped());
    }

    // What befalls it.

    void crash() {
        if (!alive) {
            return;
        }
        world.note(30, () -> name + " ends");
        mysql.hurt();
        alive = false;
        hands.abandon();
        if (world.chance(0.5)) {
            mysql.drop(start);
        }
        mysql.releaseLock(start);
        zookeeper.reach(session, false);
    }

    void restart() {
        if (alive) {
            return;
        }
        world.note(31, () -> name + " starts");
        clock.go();
        alive = true;
        start = new Start();
        cycle = newCycle();
        onNewSession = false;
        seen = null;
        pausedUntil = 0;
        woken = false;
        resting = false;
        zookeeper.reach(session, false);
        session = connect();
        zookeeper.reach(session, !zookeeperCut);
        begin();
    }

    void pause(long millis) {
        if (alive && pausedUntil < world.time()) {
            world.note(32, () -> name + " is paused for " + millis + " ms");
            mysql.hurt();
            pausedUntil = world.time() + millis;
            zookeeper.reach(session, false);
            Start when = start;
            world.after(millis, () -> {
                if (runs(when)) {
                    zookeeper.reach(session, !zookeeperCut);
                }
            });
        }
    }

    /** The next time that it is about to do this, it is paused right before. */
    void ambush(Predicate<Action> action, long millis) {
        ambushed = action;
        ambush = millis;
    }

    void cutZookeeper(boolean stale) {
        world.note(33, () -> name + " is cut off from ZooKeeper" + (stale ? " with its follower" : ""));
        zookeeperCut = true;
        if (stale) {
            zookeeper.freeze(session);
        } else {
            zookeeper.reach(session, false);
        }
    }

    void healZookeeper() {
        if (zookeeperCut) {
            world.note(34, () -> name + " reaches ZooKeeper again");
            zookeeperCut = false;
            zookeeper.thaw(session);
            zookeeper.reach(session, alive && pausedUntil <= world.time());
        }
    }

    void cutMysql(boolean cut) {
        world.note(35, () -> name + (cut ? " loses" : " finds") + " its MySQL");
        mysql.hurt();
        mysqlCut = cut;
    }

    // The loop.

    private void begin() {
        then(world.between(1, 50), this::lookAtZookeeper);
    }

    /** Does something later, unless the process ended; a pause may come first. */
    private void then(long millis, Runnable what) {
        Start when = start;
        world.after(millis, () -> {
            if (!runs(when)) {
                return;
            }
            if (world.mishap(0.0015)) {
                pause(world.upTo(world.chance(0.5) ? 1_000 : 9_000));
            }
            if (pausedUntil > world.time()) {
                then(pausedUntil - world.time() + 1, what);
            } else {
                what.run();
            }
        });
    }

    private void shortly(Runnable what) {
        then(world.chance(0.9) ? world.upTo(4) : world.upTo(120), what);
    }

    /** A process that knows nothing. */
    private Cycle newCycle() {
        return Cycles.of(new Cycle.Who(region, name), variant, former, this::token);
    }

    /** Does what the cycle says, after a while. */
    private void goOn() {
        Step step = cycle.step();
        if (step instanceof LookAtCluster) {
            lookAtZookeeper();
        } else if (step instanceof LookAtServer) {
            shortly(this::lookAtMysql);
        } else if (step instanceof Perform next) {
            perform(next.action());
        } else {
            rest((Rest) step);
        }
    }

    private void rest(Rest rest) {
        Decided decided = Objects.requireNonNull(cycle.decided());
        Decision noticed = decided.cluster();
        if (noticed == null) {
            shortly(this::rested);
            return;
        }
        long wake = Math.min(decided.region().wake().toMillis(), noticed.wake().toMillis());
        rest(rest.failed() == null ? wake + world.upTo(20) : 20);
    }

    private void rested() {
        cycle.rested();
        goOn();
    }

    /** Rests so long, or until it is woken; not at all if it was since it looked. */
    private void rest(long millis) {
        resting = !woken;
        long turn = ++rests;
        then(woken ? 1 : millis, () -> {
            if (turn == rests) {
                resting = false;
                rested();
            }
        });
    }

    private void wake(Start when) {
        if (runs(when)) {
            woken = true;
            if (resting) {
                world.note(41, () -> name + " is woken");
                rest(0);
            }
        }
    }

    private SimZooKeeper.Session connect() {
        Start when = start;
        return zookeeper.open(name, () -> wake(when), variant.has(Flaw.TRUSTS_WATCHES));
    }

    private void lookAtZookeeper() {
        if (session.expired && session.reachable && !zookeeperCut) {
            world.note(36, () -> name + " learns that its session expired");
            session = connect();
            onNewSession = true;
        }
        Moment began = clock.read();
        woken = false;
        Snapshot first = zookeeper.read(session);
        if (first == null || !world.mishap(0.2)) {
            looked(began, first, first, first);
            return;
        }
        // Else all is read at once. Something may be written in between.
        SimZooKeeper.Session same = session;
        shortly(() -> {
            Snapshot last = same == session ? zookeeper.read(session) : null;
            looked(began, last == null ? null : first, world.chance(0.5) ? first : last, last);
        });
    }

    private void looked(Moment began, @Nullable Snapshot first, @Nullable Snapshot middle, @Nullable Snapshot last) {
        ClusterState read = null;
        if (first != null && middle != null && last != null) {
            duty = last.duty(name, session.latch);
            read = zookeeper.looked(session, first, middle, last);
        }
        if (!session.expired && session.reachable) {
            hands.askNeighbours();
        }
        ClusterState cluster = Former.reads(former, read);
        seen = cluster == null ? seen : cluster;
        cycle.sawCluster(cluster, onNewSession, began);
        onNewSession = false;
        goOn();
    }

    private void lookAtMysql() {
        OwnServer own;
        if (reachesMysql() && !world.mishap(0.005)) {
            own = OwnServer.up(mysql.look());
        } else {
            boolean dead = !mysql.isUp() && sameHost;
            own = dead || variant.has(Flaw.SILENCE_IS_DEATH) ? dead() : OwnServer.UNREACHABLE;
        }
        OwnServer sees = former ? Former.sees(own) : own;
        shortly(() -> decide(sees));
    }

    /** What was written since a torn end of the file, or by what no link carries, is not counted. */
    private OwnServer dead() {
        if (world.mishap(0.2)) {
            return OwnServer.DEAD;
        }
        GtidSet executed = mysql.executed();
        List<Gtid> own = executed.restrictedTo(mysql.uuid()::equals).first(Integer.MAX_VALUE);
        boolean torn = world.mishap(0.1) && !own.isEmpty();
        return OwnServer.dead(new Remains(
                torn ? executed.subtract(GtidSet.of(own.get(own.size() - 1))) : executed,
                mysql.recorded().openedEpoch()));
    }

    private void decide(OwnServer own) {
        cycle.sawServer(own, duty, former ? Reach.NONE : hands.reach(), clock.read());
        Decided decided = Objects.requireNonNull(cycle.decided());
        world.note(37, () -> name + " " + decided.region().reason());
        Decision noticed = decided.cluster();
        if (noticed != null && !noticed.actions().isEmpty()) {
            world.note(38, () -> name + " " + noticed.reason());
            check(decided.view().cluster(), noticed);
        }
        goOn();
    }

    private void check(@Nullable ClusterState cluster, Decision noticed) {
        for (Action action : noticed.actions()) {
            if (cluster != null
                    && action instanceof WritePlan write
                    && write.plan().kind() == Plan.Kind.UNION) {
                invariants.froze(cluster, write.plan());
            }
        }
    }

    private String token() {
        return name.replace('/', '-') + "-" + ++tokens + "-" + world.time();
    }

    private void perform(Action action) {
        if (ambushed != null && ambushed.test(action) && !world.isCalm()) {
            ambushed = null;
            pause(ambush);
        }
        shortly(() -> {
            Moment before = clock.read();
            if (action instanceof Close) {
                close(outcome -> did(action, outcome, before));
            } else {
                did(action, action.perform(hands), before);
            }
        });
    }

    private void did(Action action, Outcome outcome, Moment before) {
        cycle.did(outcome, before, clock.read());
        if (outcome.isDone()) {
            world.note(40, () -> name + "   done " + action.getClass().getSimpleName());
        } else {
            world.note(39, () -> name + "   " + outcome.result() + " " + action);
        }
        goOn();
    }

    /** Closing takes time: rows are revoked first, the seal follows. */
    private void close(Consumer<Outcome> afterwards) {
        if (!reachesMysql()) {
            afterwards.accept(Outcome.UNKNOWN);
            return;
        }
        int run = mysql.run();
        Start holder = start;
        mysql.revoke(holder);
        then(world.chance(0.9) ? world.upTo(30) : world.upTo(800), () -> {
            if (!reachesMysql() || mysql.run() != run || !mysql.seal(holder)) {
                mysql.releaseLock(holder);
                then(mysql.isOpen() ? world.upTo(2_000) : 1, () -> afterwards.accept(Outcome.UNKNOWN));
            } else {
                afterwards.accept(Outcome.closed(mysql.executed(), !mysql.hasPreparedXa()));
            }
        });
    }
}

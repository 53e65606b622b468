package io.regent.failover.simulation;

import io.regent.failover.model.Origin;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Blocker;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One region's mysqld: its data, and what coordinators, links and clients do there. */
final class SimMysql {
    /** Now and then a client's long transaction, by the clock: no dice are thrown for it. */
    private static final long LONG_TRANSACTION = 700;

    private static final long TRANSACTIONS = 4;

    final String region;
    final HostClock clock;
    private final World world;
    private final Invariants invariants;
    private final SimRefusals refusals;
    private final Variant variant;
    private final SimFence fence;
    private final SimCommits commits;
    private final List<Runnable> onDeath = new ArrayList<>();
    private SimGuards guards;
    private SimData data;
    private long drainedUntil = -1;

    SimMysql(World world, Timing timing, Invariants invariants, SimRefusals refusals, Variant variant, Origin origin) {
        this.refusals = refusals;
        this.world = world;
        this.invariants = invariants;
        this.variant = variant;
        this.region = origin.region();
        this.data = SimData.empty(origin.uuid());
        this.fence = new SimFence(world, timing, variant, region, () -> commitOwn(false));
        this.commits = fence.commits;
        this.clock = fence.clock;
        this.guards = new SimGuards(world, variant);
    }

    // What it is.

    boolean answers() {
        return fence.answers();
    }

    boolean isUp() {
        return fence.isUp();
    }

    boolean isOpen() {
        return fence.isOpen();
    }

    /** See {@link SimFence#acknowledges}. */
    boolean acknowledges() {
        return fence.acknowledges();
    }

    /** Whether what it acknowledges is excused: OverlapBounded. */
    boolean justWoke() {
        return fence.justWoke();
    }

    /** Whether it was suspended since it opened. */
    boolean isOpenSinceBeforeItWoke() {
        return fence.isOpenSinceBeforeItWoke();
    }

    UUID uuid() {
        return data.uuid();
    }

    long asks() {
        return fence.asks();
    }

    GtidSet executed() {
        return data.executed();
    }

    GtidSet rows() {
        return data.rows();
    }

    Recorded recorded() {
        return data.recorded();
    }

    int run() {
        return fence.run();
    }

    LocalState look() {
        return new LocalState(
                fence.state(),
                fence.hasPreparedXa(),
                commits.keepOut(),
                data.uuid(),
                data.executed(),
                data.recorded(),
                fence.leases(),
                fence.beats(),
                fence.asks(),
                blockers());
    }

    private List<Blocker> blockers() {
        boolean busy = isOpen()
                && world.time() > drainedUntil
                && (world.time() / LONG_TRANSACTION + region.hashCode()) % TRANSACTIONS == 0;
        return busy ? List.of(new Blocker(1, "a long transaction", false)) : List.of();
    }

    boolean endBlockers() {
        drainedUntil = world.time() + LONG_TRANSACTION;
        return true;
    }

    /** Whom to tell when its process ends: who is on its host. */
    void onDeath(Runnable told) {
        onDeath.add(told);
    }

    // What coordinators do.

    boolean ask(String coordinator, String nonce, long asked) {
        return fence.ask(coordinator, nonce, asked);
    }

    boolean grant(String coordinator, String nonce) {
        return fence.grant(coordinator, nonce);
    }

    boolean open(String coordinator, long epoch, String nonce) {
        boolean opens = fence.open(coordinator, nonce, () -> data.opened(epoch));
        if (opens) {
            invariants.opened(this, epoch);
            fence.tickLater();
        }
        return opens;
    }

    /** See {@link SimFence#revoke}. */
    void revoke(Object holder) {
        fence.revoke(holder);
    }

    /** See {@link SimFence#seal}. */
    boolean seal(Object holder) {
        return fence.seal(holder);
    }

    void releaseLock(Object holder) {
        fence.releaseLock(holder);
    }

    boolean hasPreparedXa() {
        return fence.hasPreparedXa();
    }

    boolean standby() {
        return fence.standby();
    }

    boolean record(long epoch, String master, @Nullable GtidSet cut, long incarnation) {
        boolean known = data.recorded().epoch() == epoch;
        return fence.state() == WriteState.STANDBY
                && (known || !guards.isSetByLaterThan(incarnation))
                && data.record(epoch, master, cut);
    }

    boolean storeVerdict(Verdict verdict, GtidSet had) {
        if (fence.isSealed()) {
            return false;
        }
        if (data.store(verdict, had) && !had.isEmpty()) {
            invariants.rewinds(this);
        }
        return true;
    }

    boolean settle(Verdict verdict, GtidSet rewind) {
        boolean may = fence.state() == WriteState.STANDBY || (isOpen() && rewind.isEmpty());
        if (!may || commits.hang()) {
            return false;
        }
        return verdict.number() <= data.recorded().settledVerdicts()
                || (data.hadWithin(rewind) && undo(verdict, rewind));
    }

    private boolean undo(Verdict verdict, GtidSet rewind) {
        GtidSet still = variant.has(Flaw.UNDOES_TWICE) ? rewind : rewind.subtract(data.undone());
        ExactlyOnce.undoes(this, data, still);
        boolean settled = data.settle(world, verdict, still, !variant.has(Flaw.LEAVES_VOIDS));
        if (settled) {
            invariants.settled(this);
        }
        return settled;
    }

    boolean raiseGuards(Iterable<String> sources, long epoch, long incarnation) {
        return !fence.isSealed() && guards.raise(sources, epoch, incarnation);
    }

    // What links do.

    boolean register(ApplySession session) {
        return guards.register(session, data.recorded().epoch());
    }

    /** Whether it cannot apply this; whose link it is stops. */
    boolean refuses(Gtid gtid) {
        return refusals.refuses(region, gtid);
    }

    GtidSet refused(GtidSet gtids) {
        return GtidSet.of(
                gtids.first(Integer.MAX_VALUE).stream().filter(this::refuses).toArray(Gtid[]::new));
    }

    void stopLink(Gtid gtid) {
        refusals.stopped(this, gtid);
    }

    /** Whether a link has to hold this back until others brought what it followed. */
    boolean isAhead(Gtid gtid) {
        return invariants.isAhead(gtid, data.executed());
    }

    boolean applying(Object owner) {
        return guards.anyOf(owner);
    }

    void drop(Object owner) {
        guards.drop(owner);
    }

    void commit(ApplySession session, int sessionRun) {
        if (commits.hang() && isUp() && run() == sessionRun) {
            world.after(world.upTo(250), () -> commit(session, sessionRun));
            return;
        }
        boolean alive = isUp() && run() == sessionRun && guards.end(session);
        if (alive && !fence.isSealed()) {
            commit(session.gtids(), session.empty());
            invariants.applied(this, session);
        }
    }

    /** Of what is executed already MySQL passes over what comes under its GTID. */
    private void commit(GtidSet gtids, GtidSet empty) {
        GtidSet whole = gtids.subtract(empty);
        GtidSet changes = variant.has(Flaw.APPLIES_EXECUTED) ? whole : whole.subtract(data.executed());
        ExactlyOnce.changes(this, data, changes);
        data.commit(gtids, changes);
    }

    // What clients do.

    void write() {
        if (!isOpen() || !answers() || commits.keepOut()) {
            return;
        }
        if (commits.hang()) {
            commits.waits();
        } else {
            commitOwn(!world.mishap(0.05));
        }
    }

    private void commitOwn(boolean answered) {
        Gtid gtid = data.next();
        invariants.issued(this, gtid);
        commit(GtidSet.of(gtid), GtidSet.EMPTY);
        refusals.issued(gtid, region);
        if (answered) {
            invariants.acknowledged(this, gtid);
        }
    }

    /** A coordinator's small write, as a client's; false if it is refused as that would be. */
    boolean probe() {
        if (!isOpen() || commits.keepOut()) {
            return false;
        }
        if (!commits.hang()) {
            commitOwn(false);
        }
        return true;
    }

    /**
     * From now on commits hang: on a full disk, or for a replica that does not answer.
     *
     * @param killable whether they end when their sessions are killed
     */
    void stall(boolean killable) {
        commits.stall(killable);
        world.note(13, () -> region + ": commits hang" + (killable ? "" : ", also if they are killed"));
    }

    /** They get through again. */
    void flow() {
        if (commits.hang()) {
            world.note(14, () -> region + ": commits get through again");
            boolean answered = !commits.keepOut();
            for (int waiting = commits.flow(); waiting > 0 && isOpen() && answers(); waiting--) {
                commitOwn(answered);
            }
        }
    }

    // What happens to it.

    void kill() {
        guards.dropAll();
        fence.kill();
        onDeath.forEach(told -> world.after(world.upTo(20), told));
    }

    void boot() {
        if (!isUp()) {
            fence.boot();
        }
    }

    void suspend() {
        fence.suspend();
    }

    void wake() {
        fence.wake();
    }

    /** See {@link SimFence#stopDeadMan}. */
    void stopDeadMan() {
        fence.stopDeadMan();
    }

    void startDeadMan() {
        fence.startDeadMan();
    }

    /** See {@link SimFence#hurt}. */
    void hurt() {
        fence.hurt();
    }

    /** Rebuilt from another's data, under a new uuid: as {@code dbctl region rebuild} leaves it. */
    void rebuild(UUID next, SimMysql source) {
        kill();
        guards.clear();
        replace(source.data.rebuilt(next), 0);
        boot();
    }

    /** What a copy of its data directory would hold. */
    Copy copy() {
        return new Copy(data.copy(), guards.copy(), fence.asks());
    }

    record Copy(SimData data, SimGuards guards, long asks) {}

    /** Started on a copy from before, with its uuid: it gives out the numbers that follow those in the copy. */
    void restore(Copy copy) {
        guards = copy.guards.copy();
        replace(copy.data.copy(), copy.asks);
        invariants.wentBack();
        boot();
    }

    private void replace(SimData other, long asks) {
        invariants.replaced(this, data.executed().subtract(other.executed()));
        fence.replaced(asks);
        data = other;
    }
}

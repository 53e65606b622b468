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

/** One region's mysqld: write states, lease rows, dead-man, guards, GTIDs. Boots SEALED. */
final class SimMysql {
    private static final long LATE = 2;

    /** Now and then a client's long transaction, by the clock: no dice are thrown for it. */
    private static final long LONG_TRANSACTION = 700;

    private static final long TRANSACTIONS = 4;

    final String region;
    final HostClock clock;
    private final World world;
    private final Timing timing;
    private final Invariants invariants;
    private final SimRefusals refusals;
    private final Variant variant;
    private final SimLeases leases;
    private final SimBeats beats;
    private final SimCommits commits = new SimCommits();
    private final List<Runnable> onDeath = new ArrayList<>();
    private SimGuards guards;

    private SimData data;
    private WriteState state = WriteState.SEALED;
    private boolean up = true;
    private boolean suspended;
    private boolean preparedXa;
    private int run = 1;
    private long drainedUntil = -1;
    private long overlapAllowedUntil = -1;
    private @Nullable Object lockHolder;

    SimMysql(World world, Timing timing, Invariants invariants, SimRefusals refusals, Variant variant, Origin origin) {
        this.refusals = refusals;
        this.world = world;
        this.timing = timing;
        this.invariants = invariants;
        this.variant = variant;
        this.region = origin.region();
        this.data = SimData.empty(origin.uuid());
        this.clock = new HostClock(world);
        this.beats = new SimBeats(world);
        this.leases = new SimLeases(timing, clock, variant);
        this.guards = new SimGuards(world, variant);
    }

    // What it is.

    boolean answers() {
        return up && !suspended;
    }

    boolean isUp() {
        return up;
    }

    boolean isOpen() {
        return up && state == WriteState.OPEN;
    }

    /** Whether it can acknowledge a write at this moment and no suspension excuses it. */
    boolean acknowledges() {
        return isOpen() && !suspended && commits.getThrough() && !justWoke();
    }

    /** Whether what it acknowledges is excused: OverlapBounded. */
    boolean justWoke() {
        return world.time() <= overlapAllowedUntil;
    }

    UUID uuid() {
        return data.uuid();
    }

    long asks() {
        return leases.asks();
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
        return run;
    }

    LocalState look() {
        return new LocalState(
                state,
                preparedXa,
                commits.keepOut(),
                data.uuid(),
                data.executed(),
                data.recorded(),
                leases.look(run),
                beats.count(),
                leases.asks(),
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
        return state != WriteState.SEALED
                && asked <= leases.asks()
                && leases.asks() <= asked + LATE
                && leases.ask(coordinator, nonce, run, beats.count());
    }

    boolean grant(String coordinator, String nonce) {
        return state != WriteState.SEALED && leases.grant(coordinator, nonce, run);
    }

    boolean open(String coordinator, long epoch, String nonce) {
        boolean may = state == WriteState.STANDBY
                && lockHolder == null
                && (beats.ticks() || variant.has(Flaw.NEEDS_NO_BEAT))
                && data.recorded().epoch() == epoch
                && leases.allows(coordinator, nonce, run);
        if (may) {
            data.opened(epoch);
            become(WriteState.OPEN);
            invariants.opened(this, epoch);
            tickLater();
        }
        return may;
    }

    /** First half of closing: takes the lock, from whoever holds it, and revokes every row. */
    void revoke(Object holder) {
        lockHolder = holder;
        leases.revoke(beats.count());
    }

    /** Second half. False if the lock was taken away in between, or if commits hang that cannot be killed. */
    boolean seal(Object holder) {
        if (lockHolder != holder) {
            return false;
        }
        if (isOpen() && !commits.kill(() -> commitOwn(false), world)) {
            world.note(12, () -> region + ": cannot be sealed, commits hang");
            return false;
        }
        lockHolder = null;
        become(WriteState.SEALED);
        if (world.mishap(0.08)) {
            leavePreparedXa();
        }
        return true;
    }

    void releaseLock(Object holder) {
        if (holder.equals(lockHolder)) {
            lockHolder = null;
        }
    }

    private void leavePreparedXa() {
        preparedXa = true;
        world.after(world.upTo(4_000), () -> preparedXa = false);
    }

    boolean hasPreparedXa() {
        return preparedXa;
    }

    boolean standby() {
        if (state == WriteState.OPEN || preparedXa || lockHolder != null) {
            return false;
        }
        leases.revoke(beats.count());
        become(WriteState.STANDBY);
        return true;
    }

    boolean record(long epoch, String master, @Nullable GtidSet cut, long incarnation) {
        boolean known = data.recorded().epoch() == epoch;
        return state == WriteState.STANDBY
                && (known || !guards.isSetByLaterThan(incarnation))
                && data.record(epoch, master, cut);
    }

    boolean storeVerdict(Verdict verdict, GtidSet had) {
        if (state == WriteState.SEALED) {
            return false;
        }
        data.store(verdict, had);
        return true;
    }

    boolean settle(Verdict verdict, GtidSet rewind) {
        boolean may = state == WriteState.STANDBY || (state == WriteState.OPEN && rewind.isEmpty());
        boolean settled = verdict.number() <= data.recorded().settledVerdicts();
        boolean whole = !variant.has(Flaw.LEAVES_VOIDS);
        return may && !commits.hang() && (settled || data.settle(world, verdict, rewind, whole));
    }

    boolean raiseGuards(Iterable<String> sources, long epoch, long incarnation) {
        return state != WriteState.SEALED && guards.raise(sources, epoch, incarnation);
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

    boolean applying(Object owner) {
        return guards.anyOf(owner);
    }

    void drop(Object owner) {
        guards.drop(owner);
    }

    void commit(ApplySession session, int sessionRun) {
        if (commits.hang() && up && run == sessionRun) {
            world.after(world.upTo(250), () -> commit(session, sessionRun));
            return;
        }
        boolean alive = up && run == sessionRun && guards.end(session);
        if (alive && state != WriteState.SEALED) {
            data.commit(session.gtids(), session.empty());
            invariants.applied(this, session);
        }
    }

    // What clients do.

    void write() {
        if (!isOpen() || suspended || commits.keepOut()) {
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
        data.commit(GtidSet.of(gtid), GtidSet.EMPTY);
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
            for (int waiting = commits.flow(); waiting > 0 && isOpen() && !suspended; waiting--) {
                commitOwn(answered);
            }
        }
    }

    // What happens to it.

    void kill() {
        up = false;
        suspended = false;
        guards.dropAll();
        commits.drop();
        lockHolder = null;
        world.note(3, () -> region + ": mysqld dies");
        onDeath.forEach(told -> world.after(world.upTo(20), told));
    }

    void boot() {
        if (up) {
            return;
        }
        clock.go();
        up = true;
        run++;
        preparedXa = false;
        state = WriteState.SEALED;
        beats.reset();
        world.note(4, () -> region + ": mysqld boots sealed");
    }

    void suspend() {
        if (answers()) {
            hurt();
            suspended = true;
            world.note(5, () -> region + ": mysqld is suspended");
        }
    }

    void wake() {
        if (suspended && !clock.standsStill()) {
            suspended = false;
            long lease = clock.lost() ? timing.ttl().plus(timing.drift()).toMillis() : 0;
            overlapAllowedUntil =
                    world.time() + lease + timing.deadMan().bound().toMillis();
            world.note(6, () -> region + ": mysqld wakes " + state);
        }
    }

    /** Rebuilt from another's data, under a new uuid: as {@code dbctl region rebuild} leaves it. */
    void rebuild(UUID next, SimMysql source) {
        kill();
        leases.reset(0);
        guards.clear();
        data = source.data.rebuilt(next);
        boot();
    }

    /** What a copy of its data directory would hold. */
    Copy copy() {
        return new Copy(data.copy(), guards.copy(), leases.asks());
    }

    record Copy(SimData data, SimGuards guards, long asks) {}

    /** Started on a copy from before, with its uuid: it gives out the numbers that follow those in the copy. */
    void restore(Copy copy) {
        leases.reset(copy.asks);
        guards = copy.guards.copy();
        data = copy.data.copy();
        invariants.wentBack();
        boot();
    }

    private void become(WriteState next) {
        beats.fire(next != WriteState.SEALED);
        commits.drop();
        world.note(7, () -> region + ": " + state + " -> " + next);
        state = next;
    }

    // The dead-man.

    /** Its event scheduler is switched off, by whomever. */
    void stopDeadMan() {
        if (beats.ticks() && answers()) {
            beats.stop();
            world.note(9, () -> region + ": the dead-man stands still");
        }
    }

    void startDeadMan() {
        if (!beats.ticks()) {
            beats.go();
            world.note(10, () -> region + ": the dead-man ticks again");
        }
    }

    /** A coordinator, or the server, is hurt. Within one lease of the dead-man's end that is one fault too many. */
    void hurt() {
        if (!beats.ticks()
                && beats.standsStillFor()
                        < timing.waitFor(timing.ttl()).plus(timing.period()).toMillis()) {
            startDeadMan();
        }
    }

    private void tickLater() {
        int thisRun = run;
        world.after(world.upTo(timing.deadMan().interval().toMillis()), () -> tick(thisRun));
    }

    private void tick(int tickRun) {
        if (!up || run != tickRun || state != WriteState.OPEN) {
            return;
        }
        if (suspended || !beats.ticks() || leases.anyLive(run)) {
            tickLater();
            return;
        }
        long most = timing.deadMan().caps().plus(timing.deadMan().closing()).toMillis();
        world.after(world.upTo(most), () -> {
            if (up && run == tickRun && state == WriteState.OPEN && !suspended && beats.ticks()) {
                world.note(8, () -> region + ": the dead-man closes");
                revoke(this);
                if (!seal(this)) {
                    releaseLock(this);
                    tickLater();
                }
            } else if (suspended || !beats.ticks()) {
                tickLater();
            }
        });
    }
}

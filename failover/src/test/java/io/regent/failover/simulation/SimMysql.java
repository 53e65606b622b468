package io.regent.failover.simulation;

import io.regent.failover.model.Origin;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One region's mysqld: write states, lease rows, dead-man, guards, GTIDs. Boots SEALED. */
final class SimMysql {
    private static final int BEAT_MILLIS = 50;
    private static final long LATE = 4;

    final String region;
    final HostClock clock;
    private final World world;
    private final Timing timing;
    private final Invariants invariants;
    private final Variant variant;
    private final SimLeases leases;
    private SimGuards guards;

    private UUID uuid;
    private GtidSet executed = GtidSet.EMPTY;
    /** The transactions whose changes are in the data; those that are void, or were undone, are executed without. */
    private GtidSet rows = GtidSet.EMPTY;

    private Recorded recorded = Recorded.NOTHING;
    private WriteState state = WriteState.SEALED;
    private boolean up = true;
    private boolean suspended;
    private boolean preparedXa;
    private int run = 1;
    private long beats;
    private long beatingSince;
    private boolean ticking = true;
    private long stoodStillSince;
    private long overlapAllowedUntil = -1;
    private @Nullable Object lockHolder;

    SimMysql(World world, Timing timing, Invariants invariants, Variant variant, Origin origin) {
        this.world = world;
        this.timing = timing;
        this.invariants = invariants;
        this.variant = variant;
        this.region = origin.region();
        this.uuid = origin.uuid();
        this.clock = new HostClock(world);
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
        return isOpen() && !suspended && world.time() > overlapAllowedUntil;
    }

    UUID uuid() {
        return uuid;
    }

    long asks() {
        return leases.asks();
    }

    GtidSet executed() {
        return executed;
    }

    GtidSet rows() {
        return rows;
    }

    Recorded recorded() {
        return recorded;
    }

    int run() {
        return run;
    }

    LocalState look() {
        return new LocalState(state, preparedXa, uuid, executed, recorded, leases.look(run), beat(), leases.asks());
    }

    private long beat() {
        return state == WriteState.SEALED || !ticking ? beats : beats + (world.time() - beatingSince) / BEAT_MILLIS;
    }

    // What coordinators do.

    boolean ask(String coordinator, String nonce, long asked) {
        return state != WriteState.SEALED
                && asked <= leases.asks()
                && leases.asks() <= asked + LATE
                && leases.ask(coordinator, nonce, run, beat());
    }

    boolean grant(String coordinator, String nonce) {
        return state != WriteState.SEALED && leases.grant(coordinator, nonce, run);
    }

    boolean open(String coordinator, long epoch, String nonce) {
        boolean may = state == WriteState.STANDBY
                && lockHolder == null
                && (ticking || variant.has(Flaw.NEEDS_NO_BEAT))
                && recorded.epoch() == epoch
                && leases.allows(coordinator, nonce, run);
        if (may) {
            recorded = new Recorded(
                    epoch, recorded.region(), recorded.cut(), epoch, recorded.settledVerdicts(), recorded.had());
            become(WriteState.OPEN);
            invariants.opened(this, epoch);
            tickLater();
        }
        return may;
    }

    /** First half of closing: takes the lock, from whoever holds it, and revokes every row. */
    void revoke(Object holder) {
        lockHolder = holder;
        leases.revoke(beat());
    }

    /** Second half. False if the lock was taken away in between. */
    boolean seal(Object holder) {
        if (lockHolder != holder) {
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
        leases.revoke(beat());
        become(WriteState.STANDBY);
        return true;
    }

    boolean record(long epoch, String master, @Nullable GtidSet cut) {
        if (state != WriteState.STANDBY || epoch < recorded.epoch()) {
            return false;
        }
        if (epoch > recorded.epoch() || recorded.cut() == null) {
            recorded = new Recorded(
                    epoch, master, cut, recorded.openedEpoch(), recorded.settledVerdicts(), recorded.had());
        }
        return true;
    }

    boolean storeVerdict(Verdict verdict, GtidSet had) {
        if (state == WriteState.SEALED) {
            return false;
        }
        if (verdict.number() == recorded.settledVerdicts() + 1 && recorded.had() == null) {
            recorded = recorded.withHad(had);
        }
        return true;
    }

    /** Each transaction is undone for itself, so that it may be broken off in between. */
    boolean settle(Verdict verdict, GtidSet rewind) {
        boolean may = state == WriteState.STANDBY || (state == WriteState.OPEN && rewind.isEmpty());
        if (may && verdict.number() <= recorded.settledVerdicts()) {
            return true;
        }
        GtidSet had = recorded.had();
        if (!may || had == null || !rewind.contains(had)) {
            return false;
        }
        if (world.mishap(0.1) && rewind.count() > 1) {
            rows = rows.subtract(GtidSet.of(rewind.first(1).get(0)));
            return false;
        }
        if (world.mishap(0.1)) {
            rows = rows.subtract(rewind);
            executed = executed.union(GtidSet.of(verdict.voided().first(1).get(0)));
            return false;
        }
        rows = rows.subtract(rewind);
        executed = executed.union(verdict.voided());
        recorded = new Recorded(
                recorded.epoch(),
                recorded.region(),
                recorded.cut(),
                recorded.openedEpoch(),
                Math.max(recorded.settledVerdicts(), verdict.number()));
        return true;
    }

    boolean raiseGuards(Iterable<String> sources, long epoch, long incarnation) {
        return state != WriteState.SEALED && guards.raise(sources, epoch, incarnation);
    }

    // What links do.

    boolean register(ApplySession session) {
        return guards.register(session, recorded.epoch());
    }

    boolean applying(Object owner) {
        return guards.anyOf(owner);
    }

    void drop(Object owner) {
        guards.drop(owner);
    }

    void commit(ApplySession session, int sessionRun) {
        boolean alive = up && run == sessionRun && guards.end(session);
        if (alive && state != WriteState.SEALED) {
            executed = executed.union(session.gtids());
            rows = rows.union(session.gtids());
            invariants.applied(this, session);
        }
    }

    // What clients do.

    void write() {
        if (!isOpen() || suspended) {
            return;
        }
        Gtid gtid = Gtid.of(uuid, nextNumber());
        invariants.issued(this, gtid);
        executed = executed.plus(gtid);
        rows = rows.plus(gtid);
        if (!world.mishap(0.05)) {
            invariants.acknowledged(this, gtid);
        }
    }

    // What happens to it.

    void kill() {
        up = false;
        suspended = false;
        guards.dropAll();
        lockHolder = null;
        world.note(3, () -> region + ": mysqld dies");
    }

    void boot() {
        if (up) {
            return;
        }
        up = true;
        run++;
        preparedXa = false;
        ticking = true;
        state = WriteState.SEALED;
        beats = 0;
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
        if (suspended) {
            suspended = false;
            overlapAllowedUntil = world.time() + timing.deadMan().bound().toMillis();
            world.note(6, () -> region + ": mysqld wakes " + state);
        }
    }

    /** Rebuilt from another's data: a new uuid, and nothing known of epochs. */
    void rebuild(UUID next, SimMysql source) {
        kill();
        leases.reset(0);
        guards.clear();
        uuid = next;
        executed = source.executed;
        rows = source.rows;
        recorded = new Recorded(0, "", null, 0, source.recorded.settledVerdicts());
        boot();
    }

    /** What a copy of its data directory would hold. */
    Copy copy() {
        return new Copy(uuid, executed, rows, recorded, guards.copy(), leases.asks());
    }

    record Copy(UUID uuid, GtidSet executed, GtidSet rows, Recorded recorded, SimGuards guards, long asks) {}

    /** Started on a copy from before, with its uuid: it gives out the numbers that follow those in the copy. */
    void restore(Copy copy) {
        leases.reset(copy.asks);
        guards = copy.guards.copy();
        uuid = copy.uuid;
        executed = copy.executed;
        rows = copy.rows;
        recorded = copy.recorded;
        invariants.wentBack();
        boot();
    }

    /** As MySQL does: the first that is free, so that gaps are filled. */
    private long nextNumber() {
        List<Interval> own = executed.intervals(Tsid.of(uuid));
        return own.isEmpty() || own.get(0).first() > 1 ? 1 : own.get(0).last() + 1;
    }

    private void become(WriteState next) {
        beats = beat();
        beatingSince = world.time();
        world.note(7, () -> region + ": " + state + " -> " + next);
        state = next;
    }

    // The dead-man.

    /** Its event scheduler is switched off, by whomever. */
    void stopDeadMan() {
        if (ticking && answers()) {
            beats = beat();
            ticking = false;
            stoodStillSince = world.time();
            world.note(9, () -> region + ": the dead-man stands still");
        }
    }

    void startDeadMan() {
        if (!ticking) {
            ticking = true;
            beatingSince = world.time();
            world.note(10, () -> region + ": the dead-man ticks again");
        }
    }

    /** A coordinator, or the server, is hurt. Within one lease of the dead-man's end that is one fault too many. */
    void hurt() {
        if (!ticking
                && world.time() - stoodStillSince
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
        if (suspended || !ticking || leases.anyLive(run)) {
            tickLater();
            return;
        }
        long most = timing.deadMan().caps().plus(timing.deadMan().closing()).toMillis();
        world.after(world.upTo(most), () -> {
            if (up && run == tickRun && state == WriteState.OPEN && !suspended && ticking) {
                world.note(8, () -> region + ": the dead-man closes");
                revoke(this);
                seal(this);
            } else if (suspended || !ticking) {
                tickLater();
            }
        });
    }
}

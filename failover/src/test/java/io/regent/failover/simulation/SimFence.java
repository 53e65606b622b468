package io.regent.failover.simulation;

import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LeaseRow;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The process of a mysqld and its write states: lease rows, the lock that opening takes, the dead-man. Boots SEALED. */
final class SimFence {
    private static final long LATE = 2;

    final HostClock clock;
    final SimCommits commits = new SimCommits();
    private final World world;
    private final Timing timing;
    private final Variant variant;
    private final String region;
    private final SimLeases leases;
    private final SimBeats beats;
    private final Runnable commit;

    private WriteState state = WriteState.SEALED;
    private boolean up = true;
    private boolean suspended;
    private boolean preparedXa;
    private int run = 1;
    private long overlapAllowedUntil = -1;
    private long wokeAt = -1;
    private boolean openSinceBeforeItWoke;
    private @Nullable Object lockHolder;

    /** @param commit a client's transaction that nobody is told of */
    SimFence(World world, Timing timing, Variant variant, String region, Runnable commit) {
        this.world = world;
        this.timing = timing;
        this.variant = variant;
        this.region = region;
        this.commit = commit;
        this.clock = new HostClock(world);
        this.beats = new SimBeats(world);
        this.leases = new SimLeases(timing, clock, variant);
    }

    // What it is.

    WriteState state() {
        return state;
    }

    boolean isUp() {
        return up;
    }

    boolean answers() {
        return up && !suspended;
    }

    boolean isOpen() {
        return up && state == WriteState.OPEN;
    }

    boolean isSealed() {
        return state == WriteState.SEALED;
    }

    boolean hasPreparedXa() {
        return preparedXa;
    }

    /** Whether it can acknowledge a write at this moment and no suspension excuses it. */
    boolean acknowledges() {
        return isOpen() && !suspended && commits.getThrough() && !justWoke();
    }

    boolean justWoke() {
        return world.time() <= overlapAllowedUntil;
    }

    boolean isOpenSinceBeforeItWoke() {
        return openSinceBeforeItWoke;
    }

    /** The start of mysqld that it is in. */
    int run() {
        return run;
    }

    long beats() {
        return beats.count();
    }

    long asks() {
        return leases.asks();
    }

    List<LeaseRow> leases() {
        return leases.look(run);
    }

    // What coordinators do.

    boolean ask(String coordinator, String nonce, long asked) {
        return !isSealed()
                && asked <= leases.asks()
                && leases.asks() <= asked + LATE
                && leases.ask(coordinator, nonce, run, beats.count());
    }

    boolean grant(String coordinator, String nonce) {
        return !isSealed() && leases.grant(coordinator, nonce, run);
    }

    /** @param recorded notes what is recorded of that, once it may, or refuses */
    boolean open(String coordinator, String nonce, BooleanSupplier recorded) {
        boolean may = state == WriteState.STANDBY
                && lockHolder == null
                && (beats.ticks() || variant.has(Flaw.NEEDS_NO_BEAT))
                && leases.allows(coordinator, nonce, run)
                && recorded.getAsBoolean();
        if (may) {
            become(WriteState.OPEN);
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
        if (isOpen() && !commits.kill(commit, world)) {
            world.note(12, () -> region + ": cannot be sealed, commits hang");
            return false;
        }
        lockHolder = null;
        become(WriteState.SEALED);
        if (world.mishap(0.08)) {
            preparedXa = true;
            world.after(world.upTo(4_000), () -> preparedXa = false);
        }
        return true;
    }

    void releaseLock(Object holder) {
        if (holder.equals(lockHolder)) {
            lockHolder = null;
        }
    }

    boolean standby() {
        if (state == WriteState.OPEN || preparedXa || lockHolder != null) {
            return false;
        }
        leases.revoke(beats.count());
        become(WriteState.STANDBY);
        return true;
    }

    private void become(WriteState next) {
        beats.fire(next != WriteState.SEALED);
        commits.drop();
        world.note(7, () -> region + ": " + state + " -> " + next);
        openSinceBeforeItWoke = false;
        state = next;
    }

    // What happens to it.

    void kill() {
        up = false;
        suspended = false;
        commits.drop();
        lockHolder = null;
        world.note(3, () -> region + ": mysqld dies");
    }

    void boot() {
        clock.go();
        up = true;
        run++;
        preparedXa = false;
        state = WriteState.SEALED;
        openSinceBeforeItWoke = false;
        beats.reset();
        world.note(4, () -> region + ": mysqld boots sealed");
    }

    /** Its disk is another. */
    void replaced(long asks) {
        leases.reset(asks);
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
            wokeAt = world.time();
            overlapAllowedUntil = wokeAt + lease + timing.deadMan().bound().toMillis();
            openSinceBeforeItWoke = isOpen();
            world.note(6, () -> region + ": mysqld wakes " + state);
        }
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

    void tickLater() {
        int thisRun = run;
        world.after(world.upTo(timing.deadMan().interval().toMillis()), () -> tick(thisRun));
    }

    private void tick(int tickRun) {
        if (!isOpen() || run != tickRun) {
            return;
        }
        if (suspended || !beats.ticks() || leases.anyLive(run) || countsAnew()) {
            tickLater();
            return;
        }
        long most = timing.deadMan().caps().plus(timing.deadMan().closing()).toMillis();
        world.after(world.upTo(most), () -> {
            if (isOpen() && run == tickRun && !suspended && beats.ticks()) {
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

    private boolean countsAnew() {
        return variant.has(Flaw.COUNTS_ANEW_AFTER_SLEEP)
                && wokeAt >= 0
                && world.time() < wokeAt + timing.ttl().multipliedBy(2).toMillis();
    }
}

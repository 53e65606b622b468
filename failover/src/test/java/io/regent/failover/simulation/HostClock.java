package io.regent.failover.simulation;

import io.regent.failover.timing.Moment;

/** The two clocks of one host: both drift, the wall clock jumps. */
final class HostClock {
    private final World world;
    private final double rate;
    private final long offset;
    private long wallJump;
    private long stoodStill;
    private long stoppedAt = -1;

    HostClock(World world) {
        this.world = world;
        this.rate = 1 + world.between(-5, 5) / 1000.0;
        this.offset = world.upTo(100_000);
    }

    void jump(long millis) {
        wallJump += millis;
    }

    /** Its host stands still, and its clocks with it. */
    void stop() {
        stoppedAt = world.time();
    }

    /** It goes on, if it stood still. */
    void go() {
        if (stoppedAt >= 0) {
            stoodStill += world.time() - stoppedAt;
            stoppedAt = -1;
        }
    }

    boolean standsStill() {
        return stoppedAt >= 0;
    }

    /** Whether it ever stood still. */
    boolean lost() {
        return stoodStill > 0;
    }

    Moment read() {
        long now = (stoppedAt >= 0 ? stoppedAt : world.time()) - stoodStill;
        long monotonic = offset + (long) (now * rate);
        return new Moment(monotonic, monotonic + wallJump);
    }
}

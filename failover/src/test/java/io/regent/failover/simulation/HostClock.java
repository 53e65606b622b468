package io.regent.failover.simulation;

import io.regent.failover.timing.Moment;

/** The two clocks of one host: both drift, the wall clock jumps. */
final class HostClock {
    private final World world;
    private final double rate;
    private final long offset;
    private long wallJump;

    HostClock(World world) {
        this.world = world;
        this.rate = 1 + world.between(-5, 5) / 1000.0;
        this.offset = world.upTo(100_000);
    }

    void jump(long millis) {
        wallJump += millis;
    }

    Moment read() {
        long monotonic = offset + (long) (world.time() * rate);
        return new Moment(monotonic, monotonic + wallJump);
    }
}

package io.regent.failover.timing;

import java.time.Duration;

/**
 * One instant on one machine's two clocks.
 *
 * @param monotonic milliseconds of a clock that is never set; it may stand still while the machine is suspended
 * @param wall milliseconds of the wall clock, which may be set
 */
public record Moment(long monotonic, long wall) {
    /** How long it may have been since then: the greater of both clocks. By this a lease ends. */
    public Duration atMostSince(Moment then) {
        return Duration.ofMillis(Math.max(monotonic - then.monotonic, wall - then.wall));
    }

    /** How long it certainly has been since then: the monotonic clock. By this a wait is over. */
    public Duration atLeastSince(Moment then) {
        return Duration.ofMillis(monotonic - then.monotonic);
    }
}

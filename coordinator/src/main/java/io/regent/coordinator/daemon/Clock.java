package io.regent.coordinator.daemon;

import io.regent.failover.timing.Moment;
import java.util.concurrent.TimeUnit;

/** This machine's two clocks. */
final class Clock {
    private Clock() {}

    static Moment now() {
        return new Moment(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), System.currentTimeMillis());
    }
}

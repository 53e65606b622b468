package io.regent.coordinator.daemon;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the loop. Any thread may; a wake that comes while it is awake makes its next wait end at once. */
final class Signal {
    private final Semaphore wakes = new Semaphore(0);

    void wake() {
        wakes.release();
    }

    /** Waits until woken, or for so long. */
    void await(Duration longest) throws InterruptedException {
        if (wakes.tryAcquire(Math.max(0, longest.toNanos()), TimeUnit.NANOSECONDS)) {
            wakes.drainPermits();
        }
    }
}

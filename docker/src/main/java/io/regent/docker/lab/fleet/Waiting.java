package io.regent.docker.lab.fleet;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that others bring about, with a bound. */
public final class Waiting {
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private Waiting() {}

    /**
     * Looks again and again until the condition holds.
     *
     * @return false if it does not within the limit, or if the thread is interrupted
     */
    public static boolean until(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** Lets time pass; returns early if the thread is interrupted. */
    public static void pass(Duration time) {
        until(time, () -> false);
    }
}

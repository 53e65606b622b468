package io.regent.sql.fence;

import java.time.Duration;

/** Times of the dead-man inside mysqld (resource {@code deadman.sql} of package {@code schema} has them as well). */
public final class DeadMan {
    /** How often it looks at the lease. */
    public static final Duration TICK = Duration.ofMillis(50);

    /** How often it beats, if nothing holds it up. */
    public static final Duration BEAT = Duration.ofMillis(200);

    /** Longest time between two of its checks, also if its thread dies: the next run waits for its place already. */
    public static final Duration INTERVAL = Duration.ofMillis(100);

    /** Longest that one of its statements waits for a lock. */
    public static final Duration WAIT_CAP = Duration.ofSeconds(1);

    /** Longest that the closing itself takes. */
    public static final Duration CLOSING = Duration.ofMillis(500);

    /**
     * From a lease's end to closed: a start of its thread, a wait for a lock, the closing itself.
     *
     * <p>Not in it: the rollback of a large killed statement, a hanging disk, and a mysqld that is suspended.
     */
    public static final Duration BOUND = INTERVAL.plus(WAIT_CAP).plus(CLOSING);

    private DeadMan() {}
}

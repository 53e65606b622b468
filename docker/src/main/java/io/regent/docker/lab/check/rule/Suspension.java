package io.regent.docker.lab.check.rule;

import java.time.Duration;

/**
 * A server, or the whole machine under it, that stood still and woke again.
 *
 * @param region its region
 * @param fromNanos when it was stopped, as {@link System#nanoTime}
 * @param untilNanos when it woke
 */
public record Suspension(String region, long fromNanos, long untilNanos) {
    /** Whether a moment lies in it, or at most so long behind its end. */
    boolean covers(long nanos, Duration bound) {
        return nanos - fromNanos >= 0 && nanos - untilNanos <= bound.toNanos();
    }
}

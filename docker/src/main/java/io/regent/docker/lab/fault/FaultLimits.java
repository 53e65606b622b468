package io.regent.docker.lab.fault;

import java.time.Duration;

/**
 * How much a schedule may do.
 *
 * @param length how long it is; every fault is taken back {@code quiet} before its end
 * @param quiet for how long nothing is broken at the end, and between two faults of the same target
 * @param between the longest time from the beginning of one fault to the beginning of the next
 * @param longest how long a fault lasts at most; at least a tenth of it
 * @param atOnce how many faults last at a time
 * @param withoutMajority for how long at most ZooKeeper may be without a majority, and for how long at most every region
 *     may be struck; zero for never
 */
public record FaultLimits(
        Duration length, Duration quiet, Duration between, Duration longest, int atOnce, Duration withoutMajority) {
    /** Rejects what leaves no room for a fault. */
    public FaultLimits {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least 1 fault at a time, not " + atOnce);
        }
        if (longest.toMillis() < 10 || between.toMillis() < 10) {
            throw new IllegalArgumentException("faults last, and are apart, at least 10 ms");
        }
        if (length.compareTo(quiet.plus(longest)) < 0) {
            throw new IllegalArgumentException("a schedule of " + length + " has no room for a fault of " + longest
                    + " and a quiet end of " + quiet);
        }
    }
}

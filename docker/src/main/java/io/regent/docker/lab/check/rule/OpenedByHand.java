package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.sample.Sample;

/**
 * A server that somebody opened past all rules, though its region was not master.
 *
 * @param region its region
 * @param fromNanos before it was opened, as {@link System#nanoTime}
 * @param untilNanos after it was seen closed, or when it had to be closed, whichever came first
 */
public record OpenedByHand(String region, long fromNanos, long untilNanos) {
    /** Whether what was begun and ended then may have met the open server. */
    boolean covers(long startNanos, long endNanos) {
        return startNanos - untilNanos <= 0 && endNanos - fromNanos >= 0;
    }

    boolean covers(Sample sample) {
        return sample.region().equals(region) && covers(sample.startNanos(), sample.endNanos());
    }
}

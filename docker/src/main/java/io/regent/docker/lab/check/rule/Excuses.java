package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.sample.Sample;
import java.time.Duration;
import java.util.List;

/**
 * When a server may take writes though its region is not master; each of them must be stranded then.
 *
 * @param suspensions servers that stood still
 * @param bound for how long such a server may acknowledge after it woke: what was left of its lease, and what the dead-man
 *     inside it takes to close
 * @param openings servers that were opened by hand
 */
public record Excuses(List<Suspension> suspensions, Duration bound, List<OpenedByHand> openings) {
    /** There are none. */
    public static final Excuses NONE = new Excuses(List.of(), Duration.ZERO, List.of());

    /** Copies the lists. */
    public Excuses {
        suspensions = List.copyOf(suspensions);
        openings = List.copyOf(openings);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return suspensions.isEmpty() && openings.isEmpty();
    }

    /** Whether a write may have been acknowledged by a server that was excused then. */
    boolean isLate(Write write) {
        return woke(write.region(), write.endNanos()) || isByHand(write);
    }

    /** Whether a write was sent to a server that was excused then: what is wrong with it is that it is not stranded. */
    boolean isOverlap(Write write) {
        return woke(write.region(), write.startNanos()) || isByHand(write);
    }

    /** Whether a server may have been seen OPEN. */
    boolean isLate(Sample sample) {
        return woke(sample.region(), sample.endNanos()) || openings.stream().anyMatch(one -> one.covers(sample));
    }

    private boolean woke(String region, long nanos) {
        return suspensions.stream().anyMatch(one -> one.region().equals(region) && one.covers(nanos, bound));
    }

    boolean isByHand(Write write) {
        return openings.stream()
                .anyMatch(
                        one -> one.region().equals(write.region()) && one.covers(write.startNanos(), write.endNanos()));
    }
}

package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.history.Refusals;
import io.regent.docker.lab.history.Write;
import io.regent.failover.timing.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A region that cannot renew a lease takes no write from the end of the one it may have had, whether another was master by
 * then or not; and somebody tried. So for whatever else must close it.
 *
 * @param region which
 * @param event what it must close after, as in {@code it could renew its lease last}
 * @param fromNanos when that was at the latest, as {@link System#nanoTime}
 * @param untilNanos until when it had to stay closed
 * @param bound how long after that it may take writes
 * @param refusals of the client that asks nobody who is master
 */
public record ClosedInTime(
        String region, String event, long fromNanos, long untilNanos, Duration bound, Refusals refusals)
        implements Checker {
    /**
     * One that cannot renew its lease any more.
     *
     * @param bound how long it may have written by its lease, and what the dead-man inside it takes to close
     */
    public ClosedInTime(String region, long fromNanos, long untilNanos, Duration bound, Refusals refusals) {
        this(region, "it could renew its lease last", fromNanos, untilNanos, bound, refusals);
    }

    /** What is left of a lease that cannot be renewed, and what the dead-man takes. */
    public static Duration bound(Timing timing) {
        return timing.ttl().plus(timing.drift()).plus(timing.deadMan().bound());
    }

    @Override
    public void check(Evidence evidence, Judgement judgement) {
        List<Write> acknowledged = new ArrayList<>();
        evidence.history().forEach(write -> {
            boolean since = write.startNanos() - fromNanos >= 0 && write.endNanos() - untilNanos <= 0;
            if (since && write.isAcknowledged() && write.region().equals(region)) {
                acknowledged.add(write);
            }
        });
        judge(acknowledged, judgement);
    }

    private void judge(List<Write> acknowledged, Judgement judgement) {
        judgement.examined(
                Invariant.AT_MOST_ONE_MASTER,
                acknowledged.size(),
                "writes that " + region + " acknowledged after " + event);
        List<String> late = acknowledged.stream()
                .filter(write -> write.startNanos() - fromNanos > bound.toNanos())
                .map(this::line)
                .toList();
        judgement.violated(Invariant.AT_MOST_ONE_MASTER, late.size(), late);
        long refused = refusals.between(region, fromNanos + bound.toNanos(), untilNanos);
        judgement.examined(
                Invariant.AT_MOST_ONE_MASTER, refused, "writes that " + region + " refused after it had to be closed");
        if (refused == 0) {
            judgement.violated(
                    Invariant.AT_MOST_ONE_MASTER,
                    region + " refused nothing in the "
                            + Duration.ofNanos(untilNanos - fromNanos)
                                    .minus(bound)
                                    .toMillis()
                            + " ms after it had to be closed, so nothing is proved there");
        }
    }

    private String line(Write write) {
        return region + " acknowledged what was sent "
                + Duration.ofNanos(write.startNanos() - fromNanos).toMillis()
                + " ms after " + event + ", and " + bound.toMillis() + " ms are the most ("
                + write.shown() + ")";
    }
}

package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.history.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A master that lost its lease takes no write from the end of it on, whether another was master by then or not.
 *
 * @param region the master
 * @param fromNanos since when it cannot have renewed its lease, as {@link System#nanoTime}
 * @param untilNanos until when it was so
 * @param bound how long it may have written by its lease, and what the dead-man inside it takes to close
 */
public record ClosedInTime(String region, long fromNanos, long untilNanos, Duration bound) implements Checker {
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
                "writes that " + region + " acknowledged when it could not renew its lease");
        List<String> late = acknowledged.stream()
                .filter(write -> write.startNanos() - fromNanos > bound.toNanos())
                .map(this::line)
                .toList();
        judgement.violated(Invariant.AT_MOST_ONE_MASTER, late.size(), late);
    }

    private String line(Write write) {
        return region + " acknowledged what was sent "
                + Duration.ofNanos(write.startNanos() - fromNanos).toMillis()
                + " ms after it could renew its lease last, and " + bound.toMillis() + " ms are the most ("
                + write.shown() + ")";
    }
}

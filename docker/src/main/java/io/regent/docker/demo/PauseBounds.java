package io.regent.docker.demo;

import io.regent.docker.lab.report.result.Distribution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long clients may be without writes in a benchmark that somebody's own CI judges.
 *
 * @param median half of the pauses at most; empty if it does not matter
 * @param longest each of them at most; empty if it does not matter
 */
record PauseBounds(Optional<Duration> median, Optional<Duration> longest) {
    /** What is slower than it may be, a sentence each. */
    List<String> exceededBy(List<Duration> pauses) {
        List<String> slow = new ArrayList<>();
        if (!pauses.isEmpty()) {
            Distribution spread = Distribution.of(pauses);
            median.filter(bound -> spread.median() > bound.toMillis())
                    .ifPresent(bound -> slow.add(slower("in the median", spread.median(), bound)));
            longest.filter(bound -> spread.max() > bound.toMillis())
                    .ifPresent(bound -> slow.add(slower("once", spread.max(), bound)));
        }
        return slow;
    }

    private static String slower(String when, long millis, Duration bound) {
        return "%s nobody could write for %d ms, and %d were allowed".formatted(when, millis, bound.toMillis());
    }
}

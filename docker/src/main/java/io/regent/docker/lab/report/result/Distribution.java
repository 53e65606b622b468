package io.regent.docker.lab.report.result;

import java.time.Duration;
import java.util.List;

/**
 * How lengths of time are spread, in milliseconds.
 *
 * @param min the shortest
 * @param median half are as short or shorter
 * @param p99 ninety-nine of a hundred are as short or shorter
 * @param max the longest
 */
public record Distribution(long min, long median, long p99, long max) {
    /** Of at least one length, by the nearest rank. */
    public static Distribution of(List<Duration> lengths) {
        List<Long> sorted = lengths.stream().map(Duration::toMillis).sorted().toList();
        return new Distribution(sorted.get(0), rank(sorted, 50), rank(sorted, 99), sorted.get(sorted.size() - 1));
    }

    private static long rank(List<Long> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}

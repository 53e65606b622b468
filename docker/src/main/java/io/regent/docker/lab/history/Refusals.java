package io.regent.docker.lab.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When a region's server said no to a client that tried to write there. That nothing was acknowledged proves something only
 * where somebody tried. Thread-safe.
 */
public final class Refusals {
    /** One attempt, both moments as {@link System#nanoTime}. */
    private record Refusal(long sentNanos, long answeredNanos) {}

    private final Map<String, List<Refusal>> all = new ConcurrentHashMap<>();

    /** A server has answered, and its answer was no. */
    public void add(String region, long sentNanos, long answeredNanos) {
        List<Refusal> own = all.computeIfAbsent(region, name -> new ArrayList<>());
        synchronized (own) {
            own.add(new Refusal(sentNanos, answeredNanos));
        }
    }

    /** How often a region refused what was sent after one moment, and did so before another. */
    public long between(String region, long fromNanos, long untilNanos) {
        List<Refusal> own = all.getOrDefault(region, List.of());
        synchronized (own) {
            return own.stream()
                    .filter(one -> one.sentNanos - fromNanos >= 0 && one.answeredNanos - untilNanos <= 0)
                    .count();
        }
    }

    /** How often a region refused at all. */
    public long of(String region) {
        List<Refusal> own = all.getOrDefault(region, List.of());
        synchronized (own) {
            return own.size();
        }
    }
}

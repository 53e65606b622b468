package io.regent.coordinator.wait;

import io.regent.failover.model.ClusterState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A look at ZooKeeper, and when it was.
 *
 * @param cluster what was seen; null if nothing could be
 * @param at when, in {@link System#nanoTime}
 * @param why why there is none; empty if there is one
 */
public record Sight(@Nullable ClusterState cluster, long at, String why) {
    /** An older look may have missed that another region is master, and with it what is history. */
    static final Duration FRESH = Duration.ofSeconds(3);

    /** A look that succeeded at this {@link System#nanoTime}. */
    public static Sight of(ClusterState cluster, long at) {
        return new Sight(cluster, at, "");
    }

    /** No look succeeded. */
    public static Sight none(String why) {
        return new Sight(null, 0, why);
    }

    /** The same, or none if it is too old at this moment. */
    Sight fresh(long now) {
        Duration age = Duration.ofNanos(now - at);
        return cluster == null || age.compareTo(FRESH) <= 0
                ? this
                : none("the last look at ZooKeeper is " + age.toMillis() + " ms old");
    }
}

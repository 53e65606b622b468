package io.regent.coordinator.wait;

import io.regent.failover.model.ClusterState;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A look at ZooKeeper, and when it was.
 *
 * @param cluster what was seen; null if nothing could be
 * @param at when, in {@link System#nanoTime}
 * @param behind a moment before which all that was written to ZooKeeper is seen; empty if none is known, for a follower
 *     that is cut off from its quorum answers reads for a while
 * @param why why there is none; empty if there is one
 */
public record Sight(@Nullable ClusterState cluster, long at, OptionalLong behind, String why) {
    /** An older look may have missed that another region is master, and with it what is history. */
    static final Duration FRESH = Duration.ofSeconds(3);

    /** A look that succeeded at this {@link System#nanoTime}, and that may be of a follower that is behind. */
    public static Sight of(ClusterState cluster, long at) {
        return of(cluster, at, OptionalLong.empty());
    }

    /**
     * A look that succeeded at this {@link System#nanoTime}.
     *
     * @param behind when a write began that a quorum took before the look, on its session
     */
    public static Sight of(ClusterState cluster, long at, OptionalLong behind) {
        return new Sight(cluster, at, behind, "");
    }

    /** No look succeeded. */
    public static Sight none(String why) {
        return new Sight(null, 0, OptionalLong.empty(), why);
    }

    /** The same, or none if it is too old at this moment. */
    Sight fresh(long now) {
        Duration age = Duration.ofNanos(now - at);
        return cluster == null || age.compareTo(FRESH) <= 0
                ? this
                : none("the last look at ZooKeeper is " + age.toMillis() + " ms old");
    }

    /** Whether it is certain to show all that was written to ZooKeeper before this {@link System#nanoTime}. */
    boolean shows(long moment) {
        return behind.isPresent() && behind.getAsLong() - moment > 0;
    }

    /** Whether both are of one look: no two begin in the same nanosecond. Without a cluster there is no telling. */
    boolean isSameAs(Sight other) {
        return cluster != null && other.cluster != null && at == other.at;
    }
}

package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * Something under way, {@code /plans/ID}. It is valid in one epoch only, so a change of epoch ends it.
 *
 * @param id its name under {@code /plans}
 * @param kind what it is
 * @param epoch the epoch it belongs to
 * @param to the region to be named, or null if whoever is fit
 * @param union a failover's frozen union, else null
 * @param aborted whether it was called off
 */
public record Plan(
        String id,
        Kind kind,
        long epoch,
        @Nullable String to,
        @Nullable GtidSet union,
        boolean aborted) {
    /** What a plan is. */
    public enum Kind {
        /** Leave this epoch by hand-over. */
        MOVE,
        /** Leave this epoch by take-over, without waiting for silence. */
        FAILOVER,
        /** The set that the candidate of this epoch executes before its cut is written. */
        UNION
    }

    /** The plan that holds the frozen union of an epoch. */
    public static Plan union(long epoch, String candidate, GtidSet frozen) {
        return new Plan(unionId(epoch), Kind.UNION, epoch, candidate, frozen, false);
    }

    /** Its id, so that two observers cannot freeze two. */
    public static String unionId(long epoch) {
        return "union-" + epoch;
    }
}

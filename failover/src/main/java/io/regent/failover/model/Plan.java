package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
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
 * @param life how long an order counts, for whoever gave it may not be there any more to call it off; each coordinator
 *     counts from its first sight of it. Null if until it is called off
 * @param drain what a move does about work of clients that would hold the closing up; null if it closes whatever they do
 */
public record Plan(
        String id,
        Kind kind,
        long epoch,
        @Nullable String to,
        @Nullable GtidSet union,
        boolean aborted,
        @Nullable Duration life,
        @Nullable Drain drain) {
    /** One that counts until it is called off, and regards no client. */
    public Plan(String id, Kind kind, long epoch, @Nullable String to, @Nullable GtidSet union, boolean aborted) {
        this(id, kind, epoch, to, union, aborted, null, null);
    }

    /** One that counts for so long. */
    public Plan(
            String id,
            Kind kind,
            long epoch,
            @Nullable String to,
            @Nullable GtidSet union,
            boolean aborted,
            @Nullable Duration life) {
        this(id, kind, epoch, to, union, aborted, life, null);
    }

    /**
     * How clients are regarded before the master announces that it closes.
     *
     * @param patience how long their work is waited for, counted from the first sight of the order
     * @param kill whether what is left then is killed; else the move is called off
     */
    public record Drain(Duration patience, boolean kill) {}

    /** What a plan is. */
    public enum Kind {
        /** Leave this epoch by hand-over. */
        MOVE,
        /** Leave this epoch by take-over, without waiting for silence. */
        FAILOVER,
        /** The set that the candidate of this epoch executes before its cut is written. */
        UNION
    }

    /** The same, called off. */
    public Plan calledOff() {
        return new Plan(id, kind, epoch, to, union, true, life, drain);
    }

    /** The plan that holds the frozen union of an epoch. */
    public static Plan union(long epoch, String candidate, GtidSet frozen) {
        return new Plan(unionId(epoch), Kind.UNION, epoch, candidate, frozen, false);
    }

    /** The same, taken up by another command. */
    public Plan with(@Nullable Duration counts, Drain regard) {
        return new Plan(id, kind, epoch, to, union, aborted, counts, regard);
    }

    /** Its id, so that two observers cannot freeze two. */
    public static String unionId(long epoch) {
        return "union-" + epoch;
    }
}

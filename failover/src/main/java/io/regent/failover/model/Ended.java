package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * An ended mastership, {@code /history/EPOCH}, written in the same multi that ends it. Coordinators refuse fields that they do
 * not know, so times and losses are not added to it: they stand in {@code /costs/EPOCH}.
 *
 * @param epoch its number
 * @param region its holder
 * @param cut the cut it began with, or null if it ended before that was known
 * @param released whether the holder gave it up, so that nobody need wait for its lease
 * @param opened whether it is known that the holder opened in it; then all holders before were closed. A holder that
 *     opened and died before its next renewal counts as not known, which only makes others wait longer
 * @param why why it ended, for people
 * @param by who ended it: region and name of a coordinator
 */
public record Ended(
        long epoch, String region, @Nullable GtidSet cut, boolean released, boolean opened, String why, String by) {
    /** Whose an epoch was of which nothing is known but that it was: a cluster was founded anew, and nobody recorded it. */
    public static final String UNKNOWN = "unknown";

    /** The same of one of which nobody says why. */
    public static Ended of(Master last, boolean released, boolean opened) {
        return of(last, released, opened, "", "");
    }

    /** What the last state of an epoch leaves in history. */
    public static Ended of(Master last, boolean released, boolean opened, String why, String by) {
        return new Ended(last.epoch(), last.region(), last.cut(), released, opened, why, by);
    }
}

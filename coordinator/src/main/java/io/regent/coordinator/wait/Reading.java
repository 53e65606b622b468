package io.regent.coordinator.wait;

import io.regent.sql.schema.Holdings;
import org.jspecify.annotations.Nullable;

/**
 * What a region's server said last.
 *
 * @param number grows whenever it says something else
 * @param holdings what it holds; null if it did not answer, or nobody asked
 * @param why why there is none; empty if nobody asked
 */
record Reading(long number, @Nullable Holdings holdings, String why) {
    static final Reading NONE = new Reading(0, null, "");

    /** The next one: the same if nothing else was said. */
    Reading then(@Nullable Holdings said, String because) {
        Reading next = new Reading(number, said, because);
        return next.equals(this) ? this : new Reading(number + 1, said, because);
    }

    /** What of it counts under a look at ZooKeeper. */
    Kept judged(String region, Sight sight) {
        if (holdings != null) {
            return Kept.of(region, holdings, sight);
        }
        return why.isEmpty() ? Kept.NOT_YET : Kept.unknown(why);
    }
}

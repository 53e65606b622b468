package io.regent.failover.action;

import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * What came of an action.
 *
 * @param result how it ended
 * @param executed of a closing: the executed set, read after the seal was confirmed; else null
 * @param releasable of a closing: sealed, all lease rows revoked, no prepared XA transaction left, nothing moved between
 *     two readings
 * @param why of one that is not DONE: the reason in words, if there is one to tell
 */
public record Outcome(Result result, @Nullable GtidSet executed, boolean releasable, String why) {
    /** How an action ended. */
    public enum Result {
        /** It took effect. */
        DONE,
        /** It did not, and will not. */
        REFUSED,
        /** Nobody knows: no answer, or an answer that a retry may have spoiled. It may still take effect. */
        UNKNOWN
    }

    /** It took effect. */
    public static final Outcome DONE = new Outcome(Result.DONE, null, false, "");

    /** It did not take effect. */
    public static final Outcome REFUSED = refused("");

    /** It may have. */
    public static final Outcome UNKNOWN = unknown("");

    /** A closing that was confirmed. */
    public static Outcome closed(GtidSet executed, boolean releasable) {
        return new Outcome(Result.DONE, executed, releasable, "");
    }

    /** It did not take effect, because of this. */
    public static Outcome refused(String why) {
        return new Outcome(Result.REFUSED, null, false, why);
    }

    /** It may have; this is what was seen instead of an answer. */
    public static Outcome unknown(String why) {
        return new Outcome(Result.UNKNOWN, null, false, why);
    }

    /** Whether the next action of the list may follow. */
    public boolean isDone() {
        return result == Result.DONE;
    }
}

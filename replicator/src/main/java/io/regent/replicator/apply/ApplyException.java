package io.regent.replicator.apply;

import io.regent.sql.gtid.Gtid;
import org.jspecify.annotations.Nullable;

/** A transaction was not committed at the target; nothing of it stayed there, its GTID neither. */
public final class ApplyException extends Exception {
    private final Gtid gtid;
    private final Remedy remedy;

    /** What may help. */
    public enum Remedy {
        /** The same again, on the same session. */
        RETRY,
        /** The same; the target is closed to writes, and may open at any moment. */
        RETRY_SOON,
        /** The same again, on a new session; the outcome of a COMMIT may be unknown, which MySQL's GTIDs resolve. */
        RECONNECT,
        /** Nothing that a link may do by itself. */
        STOP
    }

    ApplyException(Gtid gtid, Remedy remedy, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.gtid = gtid;
        this.remedy = remedy;
    }

    /** The transaction. */
    public Gtid gtid() {
        return gtid;
    }

    /** What may help. */
    public Remedy remedy() {
        return remedy;
    }
}

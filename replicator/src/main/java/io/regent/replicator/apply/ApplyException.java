package io.regent.replicator.apply;

import io.regent.sql.gtid.Gtid;
import org.jspecify.annotations.Nullable;

/** A transaction was not committed at the target; nothing of it stayed there, its GTID neither. */
public final class ApplyException extends Exception {
    private final Gtid gtid;
    private final Remedy remedy;
    private final transient @Nullable StopReport report;

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
        this(gtid, remedy, message, cause, null);
    }

    private ApplyException(
            Gtid gtid, Remedy remedy, String message, @Nullable Throwable cause, @Nullable StopReport report) {
        super(message, cause);
        this.gtid = gtid;
        this.remedy = remedy;
        this.report = report;
    }

    /** One that a human must look at. */
    static ApplyException stopped(Gtid gtid, String message, @Nullable Throwable cause, StopReport report) {
        return new ApplyException(gtid, Remedy.STOP, message, cause, report);
    }

    /** The transaction. */
    public Gtid gtid() {
        return gtid;
    }

    /** What may help. */
    public Remedy remedy() {
        return remedy;
    }

    /** At what it stopped; null if something may help. */
    public @Nullable StopReport report() {
        return report;
    }
}

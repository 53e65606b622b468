package io.regent.replicator.link;

import io.regent.replicator.apply.ApplyException;
import io.regent.replicator.apply.StopReport;
import org.jspecify.annotations.Nullable;

/** Why a run of a link ended. */
final class LinkFailure extends Exception {
    private final boolean worthRetrying;
    private final transient @Nullable StopReport report;

    private LinkFailure(String message, boolean worthRetrying, Throwable cause, @Nullable StopReport report) {
        super(message, cause);
        this.worthRetrying = worthRetrying;
        this.report = report;
    }

    /** It may pass by itself. */
    static LinkFailure passing(String message, Throwable cause) {
        return new LinkFailure(message, true, cause, null);
    }

    /** A human must look at it; at a transaction, if that is what the cause tells. */
    static LinkFailure lasting(String message, Throwable cause) {
        return new LinkFailure(message, false, cause, cause instanceof ApplyException e ? e.report() : null);
    }

    /** A human must look at it: at this transaction. */
    static LinkFailure lasting(String message, Throwable cause, StopReport report) {
        return new LinkFailure(message, false, cause, report);
    }

    /** At which transaction; null if not at one. */
    @Nullable StopReport report() {
        return report;
    }

    boolean isWorthRetrying() {
        return worthRetrying;
    }
}

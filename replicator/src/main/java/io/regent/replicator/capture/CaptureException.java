package io.regent.replicator.capture;

/** Why a capture ended. */
public final class CaptureException extends Exception {
    private final boolean worthRetrying;

    CaptureException(String message, boolean worthRetrying, Throwable cause) {
        super(message, cause);
        this.worthRetrying = worthRetrying;
    }

    /** Whether a new connection may go better; false where only a human can help. */
    public boolean isWorthRetrying() {
        return worthRetrying;
    }
}

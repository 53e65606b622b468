package io.regent.replicator.link;

/** Why a run of a link ended. */
final class LinkFailure extends Exception {
    private final boolean worthRetrying;

    private LinkFailure(String message, boolean worthRetrying, Throwable cause) {
        super(message, cause);
        this.worthRetrying = worthRetrying;
    }

    /** It may pass by itself. */
    static LinkFailure passing(String message, Throwable cause) {
        return new LinkFailure(message, true, cause);
    }

    /** A human must look at it. */
    static LinkFailure lasting(String message, Throwable cause) {
        return new LinkFailure(message, false, cause);
    }

    boolean isWorthRetrying() {
        return worthRetrying;
    }
}

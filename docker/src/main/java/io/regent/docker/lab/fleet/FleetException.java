package io.regent.docker.lab.fleet;

/** A process of the cluster could not be started or asked; the message says why and what to do. */
public final class FleetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong. */
    public FleetException(String message) {
        super(message);
    }

    /** Says what is wrong, and why. */
    public FleetException(String message, Throwable cause) {
        super(message, cause);
    }
}

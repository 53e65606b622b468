package io.regent.docker.lab.fleet;

/**
 * One process of a cluster, as faults treat it. Its data and its address outlive it.
 *
 * <p>Errors are {@link FleetException}.
 */
public interface Member {
    /** What it is, for messages. */
    String name();

    /** Whether the process exists; one that was suspended does. */
    boolean isAlive();

    /** Starts it where it was before. A server answers once this returns; a coordinator need not yet. */
    void start();

    /** SIGTERM, as a service manager stops it; SIGKILL if it does not end in time. Returns once it is gone. */
    void stop();

    /** SIGKILL; returns once it is gone. */
    void kill();

    /** From when this returns until {@link #resume}, none of its threads runs; its connections stay. */
    void suspend();

    /** Lets it go on. */
    void resume();
}

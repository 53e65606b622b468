package io.regent.docker.lab.fleet;

/**
 * The disk of a server, with its data, its binlog and nothing else.
 *
 * <p>Errors are {@link FleetException}.
 */
public interface Disk {
    /** From when this returns there is no room left on it, not for one block. */
    void fill();

    /** Takes away what filled it. */
    void makeRoom();

    /** It fails: from when this returns its file system is read-only, by the kernel's own decision, until it is repaired. */
    void fail();

    /** Checks it and makes it writable again; whoever used it must have ended. */
    void repair();
}

package io.regent.failover.model;

/** Who can write to a MySQL. */
public enum WriteState {
    /** {@code read_only=OFF}: applications write. */
    OPEN,
    /** {@code read_only=ON}: only the applier writes. */
    STANDBY,
    /** {@code super_read_only=ON}: nobody writes. */
    SEALED,
    /** Its coordinator cannot tell. Never of a server that answers. */
    UNREACHABLE,
    /**
     * Proven dead, and its binlog files can be read on its host: the set in such a report is what they hold. Never of a
     * server that answers.
     */
    DEAD;

    /** Whether the server answered. */
    public boolean answers() {
        return this != UNREACHABLE && this != DEAD;
    }
}

package io.regent.failover.model;

/** Who can write to a MySQL. */
public enum WriteState {
    /** {@code read_only=OFF}: applications write. */
    OPEN,
    /** {@code read_only=ON}: only the applier writes. */
    STANDBY,
    /** {@code super_read_only=ON}: nobody writes. */
    SEALED,
    /** Its coordinator cannot tell. Only in reports. */
    UNREACHABLE
}

package io.regent.sql.session;

/** Who may write on a server; DESIGN.md, "Words". */
public enum WriteState {
    /** {@code read_only=OFF}: clients write. */
    OPEN,
    /** {@code read_only=ON}, {@code super_read_only=OFF}: only an applier (CONNECTION_ADMIN) writes. */
    STANDBY,
    /** {@code super_read_only=ON}: nobody writes. */
    SEALED;

    /**
     * The state that two variables amount to.
     *
     * <p>While a {@code SET super_read_only=ON} waits for a lock, other sessions already read {@code super_read_only=1}
     * with {@code read_only=0}, and clients still write (MySQL 8.0.33, tried). That is OPEN.
     */
    public static WriteState of(boolean readOnly, boolean superReadOnly) {
        if (!readOnly) {
            return OPEN;
        }
        return superReadOnly ? SEALED : STANDBY;
    }
}

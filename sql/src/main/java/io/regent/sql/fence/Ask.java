package io.regent.sql.fence;

/** What came of asking for a renewal. */
public enum Ask {
    /** The nonce stands in the coordinator's row. */
    WRITTEN,
    /**
     * This is no renewal: the dead-man has not beaten since the last ask, or never since mysqld started; or a lease was
     * asked here less often than was seen, so that this is an older copy of that server; or much more often, so that
     * what was decided is late.
     */
    REFUSED
}

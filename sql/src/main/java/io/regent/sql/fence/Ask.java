package io.regent.sql.fence;

/** What came of asking for a renewal. */
public enum Ask {
    /** The nonce stands in the coordinator's row. */
    WRITTEN,
    /** The dead-man has not beaten since the last ask, or never since mysqld started: this is no renewal. */
    NO_NEW_BEAT
}

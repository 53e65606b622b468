package io.regent.failover.simulation;

/** What a broken executor does. */
public enum Flaw {
    /** Takes an unchanged {@code /master} in a read for a renewal when the write was not answered. */
    READ_RENEWS,
    /** Takes BadVersion for a lost race and writes the same again on the version that it finds. */
    RETRIES_BAD_VERSION
}

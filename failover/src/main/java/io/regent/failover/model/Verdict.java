package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;

/**
 * A decision that makes GTIDs void, {@code /verdicts/N}.
 *
 * @param number its number, from 1 without gaps
 * @param voided the GTIDs that are committed empty everywhere from now on
 * @param masterVersion version of {@code /master} under which it was computed
 * @param spool where the images of what it voids are kept
 */
public record Verdict(long number, GtidSet voided, int masterVersion, String spool) {}

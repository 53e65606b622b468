package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;

/**
 * What a region last said of its MySQL, {@code /regions/R/report}.
 *
 * @param epoch the epoch recorded in its MySQL when the set was read
 * @param openedEpoch the last epoch in which that MySQL was opened, 0 if in none
 * @param executed {@code gtid_executed}, read after the epoch
 * @param state its write state then
 * @param settled number up to which it stored and settled every verdict
 * @param asks how often a lease was asked in it, ever
 */
public record Report(long epoch, long openedEpoch, GtidSet executed, WriteState state, long settled, long asks) {}

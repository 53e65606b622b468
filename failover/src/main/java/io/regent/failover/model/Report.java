package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;

/**
 * What a region last said of its MySQL, {@code /regions/R/report}.
 *
 * @param epoch the epoch recorded in its MySQL when the set was read; of one that is DEAD, the epoch that was seen before
 *     it was seen to be dead
 * @param openedEpoch the last epoch in which that MySQL was opened, 0 if in none
 * @param executed {@code gtid_executed}, read after the epoch; of one that is DEAD, what its binlog files hold
 * @param state its write state then
 * @param settled number up to which it stored and settled every verdict
 * @param forgotten what it had and has not any more, for its data went back in time; empty if nothing. Such a region must
 *     not become master: it would give out numbers a second time
 * @param readLocked whether a client, a backup mostly, has the global read lock there, and the region goes on under its
 *     epoch as soon as that is gone
 */
public record Report(
        long epoch,
        long openedEpoch,
        GtidSet executed,
        WriteState state,
        long settled,
        String forgotten,
        boolean readLocked) {
    /** One that nobody keeps from writing. */
    public Report(long epoch, long openedEpoch, GtidSet executed, WriteState state, long settled, String forgotten) {
        this(epoch, openedEpoch, executed, state, settled, forgotten, false);
    }

    /** A server that forgot nothing. */
    public Report(long epoch, long openedEpoch, GtidSet executed, WriteState state, long settled) {
        this(epoch, openedEpoch, executed, state, settled, "");
    }
}

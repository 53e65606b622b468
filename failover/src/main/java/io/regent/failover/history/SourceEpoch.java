package io.regent.failover.history;

import io.regent.sql.gtid.GtidSet;

/**
 * What a source's MySQL knows, as its link read it at connect or from the last heartbeat.
 *
 * @param region the source
 * @param epoch the epoch recorded there
 * @param openedEpoch the last epoch in which it was opened
 * @param verdict number of the newest verdict stored there
 * @param executed what it had executed before all of the above was read; empty if that is not known
 */
public record SourceEpoch(String region, long epoch, long openedEpoch, long verdict, GtidSet executed) {
    /** A source of which nothing is known. */
    public static SourceEpoch unknown(String region) {
        return new SourceEpoch(region, 0, 0, 0, GtidSet.EMPTY);
    }
}

package io.regent.replicator.order;

import io.regent.sql.gtid.GtidSet;

/**
 * What a source's MySQL knows of mastership.
 *
 * @param recordedEpoch the newest epoch that it recorded, in which it lives; 0 if none
 * @param openedEpoch the newest epoch in which it was opened; 0 if none
 * @param verdict number of the newest verdict that it stored; 0 if none
 * @param executed what it had executed <i>before</i> all of the above was read
 */
public record SourceMark(long recordedEpoch, long openedEpoch, long verdict, GtidSet executed) {
    /** What is known of a source that could not be asked for too long: no epoch at all. */
    public static final SourceMark UNKNOWN = new SourceMark(0, 0, 0);

    /** One of which nobody knows what it had executed. */
    public SourceMark(long recordedEpoch, long openedEpoch, long verdict) {
        this(recordedEpoch, openedEpoch, verdict, GtidSet.EMPTY);
    }
}

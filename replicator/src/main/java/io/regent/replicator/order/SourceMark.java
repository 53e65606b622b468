package io.regent.replicator.order;

/**
 * What a source's MySQL knows of mastership, read by one statement.
 *
 * @param recordedEpoch the newest epoch that it recorded, in which it lives; 0 if none
 * @param openedEpoch the newest epoch in which it was opened; 0 if none
 * @param verdict number of the newest verdict that it stored; 0 if none
 */
public record SourceMark(long recordedEpoch, long openedEpoch, long verdict) {
    /** What is known of a source that could not be asked for too long: no epoch at all. */
    public static final SourceMark UNKNOWN = new SourceMark(0, 0, 0);
}

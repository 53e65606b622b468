package io.regent.failover.history;

/**
 * What a source's MySQL knows, as its link read it at connect or from the last heartbeat.
 *
 * @param region the source
 * @param epoch the epoch recorded there
 * @param openedEpoch the last epoch in which it was opened
 */
public record SourceEpoch(String region, long epoch, long openedEpoch) {}

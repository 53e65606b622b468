package io.regent.failover.diagnosis;

/**
 * A failure that was found.
 *
 * @param failure what it is
 * @param region whose it is; empty if the cluster's
 * @param seen who saw what, in a sentence
 */
public record Finding(Failure failure, String region, String seen) {}

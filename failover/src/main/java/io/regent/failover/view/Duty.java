package io.regent.failover.view;

/**
 * What a coordinator believes of its offices. It may be wrong for a while; nothing unsafe follows if it is.
 *
 * @param active whether its latch is its region's first
 * @param controller whether it is the first of the cluster
 * @param incarnation creation id of its latch
 */
public record Duty(boolean active, boolean controller, long incarnation) {}

package io.regent.replicator.apply;

/**
 * How old the apply sessions of a link are: the target refuses those that are older than the guard of their source, and
 * kills them when it raises that guard (PROTOCOL.md, "What a link may commit", "Guard").
 *
 * @param epoch the epoch that the target had recorded when the link was made
 * @param incarnation creation id of the latch of the target's region, under which the link was made
 */
public record Guard(long epoch, long incarnation) {}

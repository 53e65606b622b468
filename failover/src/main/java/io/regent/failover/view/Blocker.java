package io.regent.failover.view;

/**
 * A client's session that would hold a closing up, or would lose what it has done in a transaction that is not committed.
 *
 * @param session its id in the process list
 * @param what what an operator reads of it
 * @param ending whether it was killed already and is being rolled back
 */
public record Blocker(long session, String what, boolean ending) {}

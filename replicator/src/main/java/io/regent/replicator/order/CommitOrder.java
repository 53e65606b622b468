package io.regent.replicator.order;

/** In which order transactions of one origin become visible at the target. */
public enum CommitOrder {
    /** The origin's order: each COMMIT is sent after the one before was answered. */
    STRICT,
    /** COMMITs are sent in the origin's order, at most one group commit apart; independent ones may swap inside it. */
    GROUPED,
    /** Only transactions that depend on each other wait for each other. */
    FREE
}

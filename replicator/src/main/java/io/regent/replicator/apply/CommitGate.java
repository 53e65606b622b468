package io.regent.replicator.apply;

import io.regent.replicator.order.OrderAbortedException;

/** Asked between a transaction's changes and its COMMIT. */
@FunctionalInterface
public interface CommitGate {
    /** The gate of a transaction that runs alone. */
    CommitGate OPEN = () -> true;

    /**
     * Waits until the COMMIT may be sent.
     *
     * @return false if the changes must be undone and made again later, since others may wait for their locks
     */
    boolean pass() throws InterruptedException, OrderAbortedException;
}

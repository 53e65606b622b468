package io.regent.replicator.apply;

import io.regent.replicator.order.OrderAbortedException;

/** Asked between a transaction's changes and its COMMIT. */
@FunctionalInterface
public interface CommitGate {
    /** The gate of a transaction that waits for no other: changes and COMMIT may travel together. */
    CommitGate OPEN = new CommitGate() {
        @Override
        public boolean pass() {
            return true;
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    };

    /**
     * Waits until the COMMIT may be sent.
     *
     * @return false if the changes must be undone and made again later, since others may wait for their locks
     */
    boolean pass() throws InterruptedException, OrderAbortedException;

    /** Whether the COMMIT may be sent whenever the changes may, so that nobody need ask in between. */
    default boolean isOpen() {
        return false;
    }
}

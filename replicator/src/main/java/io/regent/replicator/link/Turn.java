package io.regent.replicator.link;

import io.regent.replicator.apply.CommitGate;
import io.regent.replicator.order.CommitWindow;
import io.regent.replicator.order.OrderAbortedException;

/**
 * A transaction's place in the commit order.
 *
 * @param patienceMillis how long it holds its locks while it waits for its turn; negative: as long as it takes
 */
record Turn(CommitWindow window, CommitWindow.Ticket ticket, long patienceMillis) implements CommitGate {
    @Override
    public boolean pass() throws InterruptedException, OrderAbortedException {
        return window.awaitTurn(ticket, patienceMillis);
    }

    @Override
    public boolean isOpen() {
        return window.maySendWhole(ticket);
    }
}

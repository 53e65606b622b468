package io.regent.replicator.link;

import io.regent.replicator.apply.CommitGate;
import io.regent.replicator.order.CommitWindow;
import io.regent.replicator.order.OrderAbortedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A transaction's place in the commit order. */
final class Turn implements CommitGate {
    private final CommitWindow window;
    private final CommitWindow.Ticket ticket;
    private final long patienceMillis;
    private final long begunNanos = System.nanoTime();

    private Turn(CommitWindow window, CommitWindow.Ticket ticket, long patienceMillis) {
        this.window = window;
        this.ticket = ticket;
        this.patienceMillis = patienceMillis;
    }

    /**
     * A turn that is waited for so long, or as long as the changes took if that is longer: what took minutes is not undone,
     * to take minutes again, for a moment's wait.
     */
    static Turn within(Duration patience, CommitWindow window, CommitWindow.Ticket ticket) {
        return new Turn(window, ticket, patience.toMillis());
    }

    /** A turn that is waited for whatever it takes. */
    static Turn whenever(CommitWindow window, CommitWindow.Ticket ticket) {
        return new Turn(window, ticket, -1);
    }

    @Override
    public boolean pass() throws InterruptedException, OrderAbortedException {
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
        return window.awaitTurn(ticket, patienceMillis < 0 ? patienceMillis : Math.max(patienceMillis, took));
    }

    @Override
    public boolean isOpen() {
        return window.maySendWhole(ticket);
    }
}

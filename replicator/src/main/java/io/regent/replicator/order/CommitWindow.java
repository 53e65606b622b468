package io.regent.replicator.order;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whose COMMIT may be sent now.
 *
 * <p>Tickets are drawn in stream order by one thread and used by the threads that apply. A holder that waits for its
 * turn also holds row locks; where the one before it needs such a lock (a table without key, a gap), both would wait for
 * ever, so a holder waits only for its patience, or until somebody asks for way; then it undoes its work, waits without
 * locks, and does it again.
 */
public final class CommitWindow {
    private final CommitOrder order;
    private final int width;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Ticket> undone = new ArrayDeque<>();
    /** Those of them whose COMMIT is not sent; only the first can have its turn. */
    private final ArrayDeque<Ticket> unsent = new ArrayDeque<>();

    private long drawn;
    private long askedForWay;
    private boolean aborted;

    /** A place in the commit order. Each has a wait of its own: whose turn comes is woken, and nobody else. */
    public static final class Ticket {
        private final long number;
        private final Condition turn;
        private boolean sent;
        private boolean done;

        private Ticket(long number, Condition turn) {
            this.number = number;
            this.turn = turn;
        }
    }

    /**
     * Makes a window.
     *
     * @param width in {@link CommitOrder#GROUPED}, how many COMMITs may be unanswered at once
     */
    public CommitWindow(CommitOrder order, int width) {
        this.order = order;
        this.width = width;
    }

    /** Draws the next ticket. */
    public Ticket draw() {
        lock.lock();
        try {
            Ticket ticket = new Ticket(drawn++, lock.newCondition());
            undone.addLast(ticket);
            unsent.addLast(ticket);
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the ticket's turn, then marks its COMMIT as sent: the caller sends it at once.
     *
     * @param patienceMillis how long to wait; negative: as long as it takes
     * @return false if patience ran out, or others asked for way
     */
    public boolean awaitTurn(Ticket ticket, long patienceMillis) throws InterruptedException, OrderAbortedException {
        return await(ticket, patienceMillis, true);
    }

    /**
     * Whether the COMMIT may be sent together with the changes, as one: in order, if all before are answered and nobody is
     * behind who could use the time meanwhile. Until it is {@link #done}, whoever comes behind waits for it.
     */
    public boolean maySendWhole(Ticket ticket) {
        lock.lock();
        try {
            return order == CommitOrder.FREE || (undone.getFirst() == ticket && undone.getLast() == ticket);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the ticket's turn has come, without taking it: the caller still has its work to do. */
    public void foreseeTurn(Ticket ticket) throws InterruptedException, OrderAbortedException {
        await(ticket, -1, false);
    }

    private boolean await(Ticket ticket, long patienceMillis, boolean take)
            throws InterruptedException, OrderAbortedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            long asked = askedForWay;
            while (!aborted && !isTurnOf(ticket)) {
                if (patienceMillis < 0) {
                    ticket.turn.await();
                } else if (left <= 0 || asked != askedForWay) {
                    return false;
                } else {
                    left = ticket.turn.awaitNanos(left);
                }
            }
            if (aborted) {
                throw new OrderAbortedException();
            }
            if (take) {
                send(ticket);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void send(Ticket ticket) {
        ticket.sent = true;
        wakeNext();
    }

    private void wakeNext() {
        while (!unsent.isEmpty() && unsent.getFirst().sent) {
            unsent.removeFirst();
        }
        if (!unsent.isEmpty() && isTurnOf(unsent.getFirst())) {
            unsent.getFirst().turn.signal();
        }
    }

    private boolean isTurnOf(Ticket ticket) {
        return ticket.sent
                || switch (order) {
                    case FREE -> true;
                    case STRICT -> undone.getFirst() == ticket;
                    case GROUPED -> unsent.getFirst() == ticket && ticket.number - undone.getFirst().number < width;
                };
    }

    /** Notes that the ticket's COMMIT was answered with OK. */
    public void done(Ticket ticket) {
        lock.lock();
        try {
            ticket.done = true;
            while (!undone.isEmpty() && undone.getFirst().done) {
                undone.removeFirst();
            }
            send(ticket);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the patience of all who wait: somebody was kept by a lock for too long, and it may be one of theirs. */
    public void askForWay() {
        lock.lock();
        try {
            askedForWay++;
            undone.forEach(ticket -> ticket.turn.signal());
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits, now and later. */
    public void abort() {
        lock.lock();
        try {
            aborted = true;
            undone.forEach(ticket -> ticket.turn.signal());
        } finally {
            lock.unlock();
        }
    }
}

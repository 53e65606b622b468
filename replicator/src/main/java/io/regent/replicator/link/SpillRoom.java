package io.regent.replicator.link;

import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.SourceTransaction;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much of what waits to be applied may lie on the disk at once. One thread enters, in stream order, so that whoever is
 * in never waits for who is not.
 */
final class SpillRoom {
    private final long bytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private long used;
    private boolean aborted;

    /** @param bytes of all that are in; one that is larger goes in alone */
    SpillRoom(long bytes) {
        this.bytes = bytes;
    }

    /**
     * Waits until there is room. What is in memory needs none.
     *
     * @throws OrderAbortedException if {@link #abort} was called
     */
    void enter(SourceTransaction transaction) throws InterruptedException, OrderAbortedException {
        if (!transaction.isSpilled()) {
            return;
        }
        lock.lockInterruptibly();
        try {
            while (!aborted && used > 0 && used + transaction.size() > bytes) {
                left.await();
            }
            if (aborted) {
                throw new OrderAbortedException();
            }
            used += transaction.size();
        } finally {
            lock.unlock();
        }
    }

    /** It is applied, or given up. */
    void leave(SourceTransaction transaction) {
        if (!transaction.isSpilled()) {
            return;
        }
        lock.lock();
        try {
            used -= transaction.size();
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits, now and later. */
    void abort() {
        lock.lock();
        try {
            aborted = true;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

package io.regent.replicator.order;

import io.regent.replicator.transaction.SourceTransaction.Clock;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which transactions run, and whether the next may join them, by the source's own logical clock.
 *
 * <p>A transaction may start when every earlier one up to its {@code last_committed} is finished. The clock starts anew
 * with each binlog file, so the first of a new file waits for all of the old. What the stream does not hold, the target
 * had before. One thread starts transactions, in stream order; any thread finishes them.
 */
public final class LogicalClock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Running> running = new ArrayDeque<>();
    private long file;
    private boolean aborted;

    /** One started transaction, until all before it and itself are finished. */
    public static final class Running {
        private final long sequenceNumber;
        private boolean finished;

        private Running(long sequenceNumber) {
            this.sequenceNumber = sequenceNumber;
        }
    }

    /**
     * Waits until the transaction depends on nothing that runs, and starts it.
     *
     * @throws OrderAbortedException if {@link #abort} was called
     */
    public Running start(Clock clock) throws InterruptedException, OrderAbortedException {
        lock.lockInterruptibly();
        try {
            while (!aborted && !isReady(clock)) {
                changed.await();
            }
            requireNotAborted();
            file = clock.file();
            Running started = new Running(clock.sequenceNumber());
            running.addLast(started);
            return started;
        } finally {
            lock.unlock();
        }
    }

    private boolean isReady(Clock clock) {
        return running.isEmpty() || (clock.file() == file && running.getFirst().sequenceNumber > clock.lastCommitted());
    }

    /** Waits until nothing runs. */
    public void awaitIdle() throws InterruptedException, OrderAbortedException {
        lock.lockInterruptibly();
        try {
            while (!aborted && !running.isEmpty()) {
                changed.await();
            }
            requireNotAborted();
        } finally {
            lock.unlock();
        }
    }

    /** Notes that a started transaction is committed at the target. */
    public void finish(Running transaction) {
        lock.lock();
        try {
            transaction.finished = true;
            if (running.getFirst() == transaction) { // else whoever waits, waits for an older one
                while (!running.isEmpty() && running.getFirst().finished) {
                    running.removeFirst();
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits, now and later. */
    public void abort() {
        lock.lock();
        try {
            aborted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireNotAborted() throws OrderAbortedException {
        if (aborted) {
            throw new OrderAbortedException();
        }
    }
}

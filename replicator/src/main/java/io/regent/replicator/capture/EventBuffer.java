package io.regent.replicator.capture;

import io.regent.replicator.transaction.BinlogEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bounded way from the thread that reads the socket to the one that polls for the engine. */
final class EventBuffer {
    private final long boundBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private List<BinlogEvent> waiting = new ArrayList<>();
    private long waitingBytes;
    private long lastArrivalNanos = System.nanoTime();
    private boolean closed;
    private boolean full;
    private @Nullable Throwable failure;

    EventBuffer(long boundBytes) {
        this.boundBytes = boundBytes;
    }

    /** Adds an event, waiting while the buffer is full. A single event larger than the bound passes alone. */
    void put(BinlogEvent event) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            lastArrivalNanos = System.nanoTime();
            while (!closed && waitingBytes > 0 && waitingBytes + event.size() > boundBytes) {
                full = true;
                changed.await();
            }
            full = false;
            if (closed) {
                throw new InterruptedException("capture closed");
            }
            waiting.add(event);
            waitingBytes += event.size();
            lastArrivalNanos = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all that waits, in order; empty after {@code timeoutMillis} without any. What came before a failure is handed out first. */
    List<BinlogEvent> take(long timeoutMillis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (waiting.isEmpty() && failure == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<BinlogEvent> taken = waiting;
            waiting = new ArrayList<>();
            waitingBytes = 0;
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that a part of an event has arrived. */
    void touch() {
        lock.lock();
        try {
            lastArrivalNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** How long nothing has arrived, in nanoseconds; 0 while something waits to be taken. */
    long silenceNanos() {
        lock.lock();
        try {
            return waiting.isEmpty() ? System.nanoTime() - lastArrivalNanos : 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether nothing more arrives, though what did arrive may still wait: the stream has failed, or was silent for too
     * long while there was room.
     */
    boolean isCutOff(Duration patience) {
        lock.lock();
        try {
            return failure != null || (!full && System.nanoTime() - lastArrivalNanos > patience.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /** The failure that ended the stream, once all before it was taken. */
    @Nullable Throwable failure() {
        lock.lock();
        try {
            return waiting.isEmpty() ? failure : null;
        } finally {
            lock.unlock();
        }
    }

    void fail(Throwable cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

package io.regent.replicator.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bounded way from the thread that reads the socket to the one that polls for the engine.
 *
 * <p>Whoever polls is woken by the end of a transaction, and not by each of its events: a turn of the engine costs more
 * than a small transaction. What is large is handed on in parts.
 */
final class EventBuffer {
    private static final long PART_BYTES = 256 << 10;
    private static final byte[] BEGIN = "BEGIN".getBytes(US_ASCII);

    private final long boundBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();

    private List<BinlogEvent> waiting = new ArrayList<>();
    private long waitingBytes;
    private long lastArrivalNanos = System.nanoTime();
    /** Whether what waits is worth a turn of who polls. */
    private boolean ready;

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
                ready();
                emptied.await();
            }
            full = false;
            if (closed) {
                throw new InterruptedException("capture closed");
            }
            waiting.add(event);
            waitingBytes += event.size();
            lastArrivalNanos = System.nanoTime();
            if (waitingBytes >= PART_BYTES || !isFollowed(event)) {
                ready();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes all that waits, in order, once a transaction has ended or much of one has come, else after {@code
     * timeoutMillis}; perhaps nothing. What came before a failure is handed out first.
     */
    List<BinlogEvent> take(long timeoutMillis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (!ready && failure == null && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            List<BinlogEvent> taken = waiting;
            waiting = new ArrayList<>();
            waitingBytes = 0;
            ready = false;
            emptied.signal();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void ready() {
        ready = true;
        filled.signal();
    }

    /**
     * Whether the end of a transaction is certain to come soon behind it. Where this is wrong, as for a statement that ends
     * like a BEGIN, the event waits for the end of the poll.
     */
    private static boolean isFollowed(BinlogEvent event) {
        return switch (event.type()) {
            case EventType.GTID,
                    EventType.GTID_TAGGED,
                    EventType.ROWS_QUERY,
                    EventType.TABLE_MAP,
                    EventType.WRITE_ROWS,
                    EventType.UPDATE_ROWS,
                    EventType.DELETE_ROWS,
                    EventType.PARTIAL_UPDATE_ROWS -> true;
            case EventType.QUERY -> endsWith(event.body(), BEGIN);
            default -> false;
        };
    }

    private static boolean endsWith(ByteBuffer body, byte[] end) {
        return body.remaining() >= end.length
                && body.position(body.limit() - end.length).equals(ByteBuffer.wrap(end));
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
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

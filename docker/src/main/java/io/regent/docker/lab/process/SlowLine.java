package io.regent.docker.lab.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One direction of a connection that takes its time: every byte arrives so much after it was sent, as fast as before. */
final class SlowLine {
    private static final int CHUNK = 16_384;
    /** What is under way at most: the sender waits then. */
    private static final int MOST_CHUNKS = 1_024;

    private final Duration delay;
    private final BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(MOST_CHUNKS);

    SlowLine(Duration delay) {
        this.delay = delay;
    }

    /** What was read at once, or the end of the stream. */
    private static final class Chunk {
        private final byte[] bytes;
        private final long dueNanos;
        private final boolean isEnd;

        private Chunk(byte[] bytes, long dueNanos, boolean isEnd) {
            this.bytes = bytes;
            this.dueNanos = dueNanos;
            this.isEnd = isEnd;
        }

        private static Chunk end() {
            return new Chunk(new byte[0], System.nanoTime(), true);
        }

        private long leftNanos() {
            return dueNanos - System.nanoTime();
        }
    }

    /** Reads until the end, or until it cannot be read, which is an end as well; for a thread of its own. */
    void send(InputStream in) {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                put(Arrays.copyOf(chunk, n));
            }
        } catch (IOException e) {
            // Cut: whoever receives closes both ends.
        } finally {
            end();
        }
    }

    /** What is under way is lost if nobody takes it. */
    private void end() {
        if (!underWay.offer(Chunk.end())) {
            underWay.clear();
            underWay.add(Chunk.end());
        }
    }

    private void put(byte[] bytes) throws IOException {
        try {
            if (!underWay.offer(new Chunk(bytes, System.nanoTime() + delay.toNanos(), false), 1, TimeUnit.MINUTES)) {
                throw new IOException("nobody takes what was sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Writes what is due, until the end; for another thread. */
    void receive(OutputStream out) throws IOException {
        try {
            for (Chunk chunk = underWay.take(); !chunk.isEnd; chunk = underWay.take()) {
                for (long left = chunk.leftNanos(); left > 0; left = chunk.leftNanos()) {
                    LockSupport.parkNanos(left);
                }
                out.write(chunk.bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

package io.regent.coordinator.execute;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is done beside the loop, again and again on a thread of its own, until it is closed. */
public final class Errand implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Errand.class);
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private String broken = "";

    /** One turn; what it throws but an interruption is told, and the next turn comes all the same. */
    @FunctionalInterface
    public interface Turn {
        /** Once. */
        void run() throws InterruptedException;
    }

    /**
     * Begins with {@link #start}.
     *
     * @param name of the thread
     * @param period before the first turn and between two
     */
    public Errand(String name, Duration period, Turn turn) {
        this.thread = new Thread(() -> run(period, turn), name);
        thread.setDaemon(true);
    }

    /** Begins. Once. */
    public void start() {
        thread.start();
    }

    private void run(Duration period, Turn turn) {
        try {
            while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                once(turn);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody would miss it: whatever broke, out of memory for a thread too, may be mended by the next turn. */
    private void once(Turn turn) throws InterruptedException {
        try {
            turn.run();
            broken = "";
        } catch (RuntimeException | Error e) {
            tell(e);
        }
    }

    private void tell(Throwable broke) {
        try {
            if (!broke.toString().equals(broken)) {
                broken = broke.toString();
                LOG.warn("{} broke, and goes on", thread.getName(), broke);
            }
        } catch (OutOfMemoryError e) {
            broken = ""; // there was no room to tell it in
        }
    }

    /** Whether it is to end; a long turn asks. */
    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends it; interrupts a turn that runs. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(ENDING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

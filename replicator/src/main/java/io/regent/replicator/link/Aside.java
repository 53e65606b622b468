package io.regent.replicator.link;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something with a session, closed on a thread of its own: to close a session on a frozen server blocks until its socket
 * times out.
 */
final class Aside<T extends AutoCloseable> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final T value;

    Aside(T value) {
        this.value = value;
    }

    T get() {
        return value;
    }

    /** Waits for it, but not for long. */
    @Override
    public void close() {
        Thread thread = new Thread(this::closeValue, "close-" + value.getClass().getSimpleName());
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeValue() {
        try {
            value.close();
        } catch (Exception e) {
            LOG.debug("{}: {}", Thread.currentThread().getName(), e.getMessage());
        }
    }
}

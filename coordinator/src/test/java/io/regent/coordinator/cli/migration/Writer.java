package io.regent.coordinator.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A client that writes rows to a region all the time, and keeps books of what was acknowledged. */
final class Writer implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private final Sessions sessions;
    private final Thread thread = new Thread(this::run, "writer");
    private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile long longestGapNanos;
    private volatile boolean stopping;

    private Writer(Sessions sessions) {
        this.sessions = sessions;
    }

    static Writer to(NativeTrio trio, String region) {
        Writer writer = new Writer(Sessions.to(trio.mysql(region).address(), NativeTrio.APP));
        writer.thread.setDaemon(true);
        writer.thread.start();
        return writer;
    }

    private void run() {
        long last = System.nanoTime();
        while (!stopping) {
            try (Connection session = sessions.open();
                    Statement statement = session.createStatement()) {
                while (!stopping) {
                    int n = NUMBERS.incrementAndGet();
                    statement.executeUpdate("INSERT INTO app.t VALUES (" + n + ", 'row " + n + "')");
                    acknowledged.add(n);
                    long now = System.nanoTime();
                    longestGapNanos = Math.max(longestGapNanos, now - last);
                    last = now;
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) {
                refused.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** What was acknowledged so far. */
    Set<Integer> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    /** The longest time between two acknowledgements. */
    Duration longestGap() {
        return Duration.ofNanos(longestGapNanos);
    }

    /** Waits until so many more were acknowledged. */
    void awaitMore(int rows) {
        int before = acknowledged.size();
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(acknowledged.size())
                        .as("%s refused", refused)
                        .isGreaterThan(before + rows));
    }

    /** Ends it. */
    Set<Integer> stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return acknowledged();
    }

    @Override
    public void close() {
        stop();
    }
}

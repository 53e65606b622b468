package io.regent.sql.fence;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Clients that insert as fast as they can, each acknowledged row counted. */
final class Writers implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong lastBegunNanos = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong lostConnections = new AtomicLong();
    private volatile boolean stop;

    Writers(Sessions sessions, int count) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> write(sessions), "writer-" + i);
            threads.add(thread);
            thread.start();
        }
        Awaitility.await().until(() -> acknowledged.get() > 10L * count);
    }

    private void write(Sessions sessions) {
        while (!stop) {
            try (Connection connection = sessions.open();
                    Statement statement = connection.createStatement()) {
                while (!stop) {
                    insert(statement);
                    if (connection.isClosed()) {
                        break;
                    }
                }
            } catch (SQLException e) {
                // Refused or thrown out: tries again, as an application would.
                lostConnections.incrementAndGet();
            }
        }
    }

    private void insert(Statement statement) throws SQLException {
        long begun = System.nanoTime();
        try {
            statement.execute("INSERT INTO app.t (a) VALUES (1)");
            lastBegunNanos.accumulateAndGet(begun, Math::max);
            acknowledged.incrementAndGet();
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
        }
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long lostConnections() {
        return lostConnections.get();
    }

    /**
     * When the last write that was acknowledged was begun. Not when its answer was read: a client may be late to read what was
     * sent in time. That nothing was committed later is told by the executed set.
     */
    long lastBegunNanos() {
        return lastBegunNanos.get();
    }

    /** Lets them try for a while longer. */
    void goOn(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() > until);
    }

    @Override
    public void close() {
        stop = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

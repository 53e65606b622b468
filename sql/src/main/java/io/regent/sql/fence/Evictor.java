package io.regent.sql.fence;

import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Throws clients out from a second connection while the first one waits in a closing statement.
 *
 * <p>The connection is opened beforehand: later the server may have none left.
 */
final class Evictor implements AutoCloseable {
    private static final Duration ROUND = Duration.ofMillis(5);
    private static final int ANSWER_SECONDS = 1;

    private final Sessions sessions;
    private final Clients clients;
    private @Nullable Connection connection;

    Evictor(Sessions sessions, Clients clients) {
        this.sessions = sessions;
        this.clients = clients;
    }

    /** Opens the connection if there is none that answers within a second: a look at it holds a renewal up no longer. */
    Connection ready() throws SQLException {
        Connection current = connection;
        if (current != null && current.isValid(ANSWER_SECONDS)) {
            return current;
        }
        connection = null; // the driver has closed one that is not valid
        Connection opened = sessions.open();
        try {
            FenceSession.prepare(opened);
        } catch (SQLException e) {
            try (opened) {
                throw e;
            }
        }
        connection = opened;
        return opened;
    }

    /** Starts to throw clients out after a while, unless it is ended before. */
    Eviction after(Duration patience) {
        Eviction eviction = new Eviction(patience);
        eviction.thread.start();
        return eviction;
    }

    @Override
    public void close() throws SQLException {
        Connection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
    }

    /** One closing's eviction. */
    final class Eviction implements AutoCloseable {
        private final Duration patience;
        private final CountDownLatch finished = new CountDownLatch(1);
        private final Thread thread;
        private volatile boolean began;
        private volatile @Nullable SQLException error;

        private Eviction(Duration patience) {
            this.patience = patience;
            this.thread = new Thread(this::run, "evict-" + clients.fence());
            this.thread.setDaemon(true);
        }

        private void run() {
            try {
                if (finished.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
                began = true;
                Connection session = ready();
                Statements.execute(session, "SET GLOBAL offline_mode = ON");
                do {
                    for (long id : clients.all(session)) {
                        Threads.kill(session, id);
                    }
                } while (!finished.await(ROUND.toNanos(), TimeUnit.NANOSECONDS));
            } catch (SQLException e) {
                error = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Whether clients were thrown out. */
        boolean began() {
            return began;
        }

        /** What stopped it from throwing clients out. */
        Optional<SQLException> error() {
            return Optional.ofNullable(error);
        }

        /** Ends it; returns once it does nothing any more. */
        @Override
        public void close() {
            finished.countDown();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

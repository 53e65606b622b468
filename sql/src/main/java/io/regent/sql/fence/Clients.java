package io.regent.sql.fence;

import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Sessions that may write: all but the fence's own, the dead-man, dump threads and mysqld's internals. */
final class Clients {
    private static final long POLL_NANOS = Duration.ofMillis(2).toNanos();

    private final String all;
    private final String fence;

    /**
     * Knows them by the fence account's user name.
     *
     * @param fence whose sessions are spared
     */
    Clients(String fence) {
        this.fence = fence;
        this.all = "SELECT ID FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND USER NOT IN"
                + " ('system user', 'event_scheduler', " + Quoting.string(fence) + ")"
                + " AND COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')";
    }

    String fence() {
        return fence;
    }

    List<Long> all(Connection session) throws SQLException {
        return Statements.numbers(session, all);
    }

    /** Kills them and waits until their threads are gone; false if some are left at the deadline. */
    static boolean killAndAwait(Connection session, List<Long> ids, long deadlineNanos) throws SQLException {
        for (long id : ids) {
            Threads.kill(session, id);
        }
        for (long id : ids) {
            while (Threads.exists(session, id)) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return true;
    }
}

package io.regent.sql.rebuild;

import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The one session on which a server's data is replaced or made its own. mysqld gives this right to one session at a time,
 * and who takes it ends the one that has it: a command that was paused or cut off finds its session gone and can do no
 * more to the server. A clone that goes on without its client ends so too.
 */
public final class SoleSession implements AutoCloseable {
    private static final String LOCK = "'regent.rebuild'";
    private static final Duration LONGEST = Duration.ofDays(20);
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    private final Connection session;

    private SoleSession(Connection session) {
        this.session = session;
    }

    /**
     * Opens one and takes the right. Nothing of it is logged, and a statement may take days.
     *
     * @param admin sessions of an administrator
     * @param deadlineNanos until when the one that has it is waited for
     * @throws SQLException if the server does not answer, or the one that was ended is still there at the deadline
     */
    public static SoleSession open(Sessions admin, long deadlineNanos, LongSupplier clock) throws SQLException {
        Connection session = admin.socketTimeout(LONGEST).open();
        try {
            Statements.execute(session, "SET SESSION sql_log_bin = 0, wait_timeout = 31536000");
            while (number(session, "SELECT COALESCE(GET_LOCK(" + LOCK + ", 0), 0)") != 1) {
                if (clock.getAsLong() - deadlineNanos > 0) {
                    throw new SQLException("an earlier try goes on in it and does not end");
                }
                long holder = number(session, "SELECT COALESCE(IS_USED_LOCK(" + LOCK + "), 0)");
                if (holder != 0) {
                    Threads.kill(session, holder);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            return new SoleSession(session);
        } catch (SQLException | RuntimeException e) {
            try (session) {
                throw e;
            }
        }
    }

    private static long number(Connection session, String query) throws SQLException {
        return Statements.numbers(session, query).get(0);
    }

    /** The session. */
    public Connection connection() {
        return session;
    }

    /** Ends it, though a statement of it may be under way. */
    @Override
    public void close() throws SQLException {
        session.abort(Runnable::run);
    }
}

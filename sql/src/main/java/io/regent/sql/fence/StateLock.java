package io.regent.sql.fence;

import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock under which a server is opened or closed, so that no check of an opener is older than a closing. It lives
 * in mysqld and dies with its session.
 */
public final class StateLock {
    private static final String NAME = "regent.state";
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

    private final Connection session;

    /** Nothing is taken yet. */
    public StateLock(Connection session) {
        this.session = session;
    }

    /**
     * Takes it as soon as it is free, and kills nobody.
     *
     * @return false if it is not within so long; whole seconds count
     */
    public boolean await(Duration within) throws SQLException {
        return number("SELECT COALESCE(GET_LOCK('" + NAME + "', " + within.toSeconds() + "), 0)") == 1;
    }

    /** Takes it if it is free. */
    boolean tryTake() throws SQLException {
        return number("SELECT COALESCE(GET_LOCK('" + NAME + "', 0), 0)") == 1;
    }

    /**
     * Takes it; whoever still holds it after 100 ms is killed and waited for.
     *
     * @return false if it could not be had before the deadline
     */
    public boolean take(long deadlineNanos) throws SQLException {
        long patientUntil = System.nanoTime() + PATIENCE.toNanos();
        while (!tryTake()) {
            long now = System.nanoTime();
            if (now - deadlineNanos > 0) {
                return false;
            }
            if (now - patientUntil > 0) {
                long holder = number("SELECT COALESCE(IS_USED_LOCK('" + NAME + "'), 0)");
                if (holder != 0) {
                    Threads.kill(session, holder);
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** Lets it go. */
    public void release() throws SQLException {
        number("SELECT COALESCE(RELEASE_LOCK('" + NAME + "'), 0)");
    }

    private long number(String query) throws SQLException {
        return Statements.numbers(session, query).get(0);
    }
}

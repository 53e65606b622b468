package io.regent.sql.fence;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead-man inside mysqld, seen from outside: its times, which resource {@code deadman.sql} of package {@code schema}
 * has as well, and its start.
 */
public final class DeadMan {
    /** How often it looks at the lease. */
    public static final Duration TICK = Duration.ofMillis(50);

    /** How often it beats, if nothing holds it up. */
    public static final Duration BEAT = Duration.ofMillis(200);

    /** Longest time between two of its checks, also if its thread dies: the next run waits for its place already. */
    public static final Duration INTERVAL = Duration.ofMillis(100);

    /** Longest that one of its statements waits for a lock. */
    public static final Duration WAIT_CAP = Duration.ofSeconds(1);

    /** Longest that the closing itself takes. */
    public static final Duration CLOSING = Duration.ofMillis(500);

    /**
     * From a lease's end to closed: a start of its thread, a wait for a lock, the closing itself.
     *
     * <p>Not in it: the rollback of a large killed statement, a hanging disk, and a mysqld that is suspended.
     */
    public static final Duration BOUND = INTERVAL.plus(WAIT_CAP).plus(CLOSING);

    private static final Logger LOG = LoggerFactory.getLogger(DeadMan.class);

    private DeadMan() {}

    /**
     * Has its event start at once. After the wall clock was set back, its next start would otherwise lie as far in the
     * future as the clock was set back.
     */
    static void schedule(Connection session) throws SQLException {
        String mode = Statements.text(session, "SELECT @@SESSION.sql_mode").orElse("");
        // An event keeps the sql_mode of the session that altered it, and init would find it changed.
        Statements.execute(session, "SET SESSION sql_mode = ''");
        try {
            Statements.execute(session, "ALTER EVENT regent_local.deadman ON SCHEDULE EVERY 1 SECOND");
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            // A backup's lock keeps events from being altered. Without a beat nothing opens: it need not be seen here.
            LOG.warn("the dead-man keeps its schedule: {}", MysqlErrors.message(e));
        } finally {
            Statements.execute(session, "SET SESSION sql_mode = " + Quoting.string(mode));
        }
    }
}

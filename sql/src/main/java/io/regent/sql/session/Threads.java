package io.regent.sql.session;

import java.sql.Connection;
import java.sql.SQLException;

/** Sessions of a server as its process list shows them. */
public final class Threads {
    private static final String FIND = "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ";

    private Threads() {}

    /** Kills a session; one that has gone meanwhile is no error. It may live on for a while: see {@link #exists}. */
    public static void kill(Connection session, long connectionId) throws SQLException {
        try {
            Statements.execute(session, "KILL " + connectionId);
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.NO_SUCH_THREAD)) {
                throw e;
            }
        }
    }

    /** Whether the session is still in the process list; needs PROCESS. */
    public static boolean exists(Connection session, long connectionId) throws SQLException {
        return Statements.text(session, FIND + connectionId).isPresent();
    }

    /**
     * Whether the session is in the process list and at a statement; needs PROCESS.
     *
     * @param user whose it is: after a restart of the server another's may have the same id
     */
    public static boolean isExecuting(Connection session, long connectionId, String user) throws SQLException {
        return Statements.text(
                        session, FIND + connectionId + " AND COMMAND <> 'Sleep' AND USER = " + Quoting.string(user))
                .isPresent();
    }
}

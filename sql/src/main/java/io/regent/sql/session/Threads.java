package io.regent.sql.session;

import java.sql.Connection;
import java.sql.SQLException;

/** Sessions of a server as its process list shows them. */
public final class Threads {
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
        String query = "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = " + connectionId;
        return Statements.text(session, query).isPresent();
    }
}

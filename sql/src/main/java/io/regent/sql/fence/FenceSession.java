package io.regent.sql.fence;

import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;

/** A session of the fence account: not logged, never idle too long, waits bounded. */
final class FenceSession {
    private FenceSession() {}

    static void prepare(Connection session) throws SQLException {
        Statements.execute(
                session,
                "SET SESSION sql_log_bin = 0, autocommit = 1, transaction_isolation = 'READ-COMMITTED',"
                        + " lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, wait_timeout = 31536000");
    }
}

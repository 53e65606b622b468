package io.regent.sql.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A session of the fence account: not logged, never idle too long, waits bounded. */
final class FenceSession {
    private FenceSession() {}

    static void prepare(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SET SESSION sql_log_bin = 0, autocommit = 1, transaction_isolation = 'READ-COMMITTED',"
                    + " lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, wait_timeout = 31536000");
        }
    }
}

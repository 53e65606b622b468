package io.regent.sql.init;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An administrator's session while it writes what is not to be replicated: {@code sql_log_bin} off, plain sql_mode,
 * waits for locks bounded. Closing gives the session its own settings back.
 */
final class LocalSession implements AutoCloseable {
    private final Connection admin;

    private LocalSession(Connection admin) {
        this.admin = admin;
    }

    static LocalSession begin(Connection admin) throws SQLException {
        if (!admin.getAutoCommit()) {
            throw new SQLException("init needs a session outside a transaction, with autocommit on");
        }
        LocalSession session = new LocalSession(admin);
        session.execute("SET @regent_sql_mode = @@SESSION.sql_mode, @regent_time_zone = @@SESSION.time_zone,"
                + " @regent_lock_wait = @@SESSION.lock_wait_timeout, @regent_log_bin = @@SESSION.sql_log_bin");
        session.execute("SET sql_log_bin = 0");
        session.execute("SET SESSION sql_mode = '', SESSION time_zone = '+00:00', SESSION lock_wait_timeout = 10");
        return session;
    }

    void execute(InitStep.Sql sql) throws SQLException {
        try {
            execute(sql.text());
        } catch (SQLException e) {
            throw new SQLException(
                    e.getMessage() + " (at: " + sql.shown().lines().findFirst().orElse("") + ")",
                    e.getSQLState(),
                    e.getErrorCode(),
                    e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        execute("SET SESSION sql_mode = @regent_sql_mode, SESSION time_zone = @regent_time_zone,"
                + " SESSION lock_wait_timeout = @regent_lock_wait");
        execute("SET sql_log_bin = @regent_log_bin");
    }
}

package io.regent.coordinator.probe;

import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The session on which another region's MySQL is probed: kept from one question to the next, given up when one fails.
 *
 * <p>It is no connection that anybody else could need: the one beyond the limit, which an account's rights may let it take, is
 * given back at once.
 */
final class ForeignSession implements ForeignProbe.Server {
    private static final String WHO = "SELECT @@server_uuid";
    private static final String ROOM = "SELECT @@server_uuid, @@global.max_connections,"
            + " (SELECT VARIABLE_VALUE FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Threads_connected')";

    private final Sessions sessions;
    private volatile @Nullable Connection session;

    /** Connects at the first question. */
    ForeignSession(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public UUID ask() throws SQLException {
        Connection current = session;
        try {
            return current == null ? first() : who(current);
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private UUID first() throws SQLException {
        Connection opened = sessions.open();
        session = opened;
        try (Statement statement = opened.createStatement();
                ResultSet row = statement.executeQuery(ROOM)) {
            row.next();
            UUID server = UUID.fromString(row.getString(1));
            if (row.getLong(3) > row.getLong(2)) {
                close();
            }
            return server;
        }
    }

    private static UUID who(Connection current) throws SQLException {
        try (Statement statement = current.createStatement();
                ResultSet row = statement.executeQuery(WHO)) {
            row.next();
            return UUID.fromString(row.getString(1));
        }
    }

    @Override
    public void close() {
        Connection current = session;
        session = null;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                // it is given up all the same: who cannot be told is gone
            }
        }
    }
}

package io.regent.sql.session;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** Sessions kept for reuse; {@link Sessions#pool} makes it. Thread-safe. */
public final class SessionPool implements AutoCloseable {
    private final HikariDataSource source;

    SessionPool(HikariConfig config) {
        source = new HikariDataSource(config);
    }

    /**
     * Borrows a session, waiting for a free one; closing it gives it back.
     *
     * @throws SQLException if none can be had in time
     */
    public Connection open() throws SQLException {
        return source.getConnection();
    }

    /** Closes every session. */
    @Override
    public void close() {
        source.close();
    }
}

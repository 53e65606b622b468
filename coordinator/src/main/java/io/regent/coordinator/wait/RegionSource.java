package io.regent.coordinator.wait;

import io.regent.sql.schema.Holdings;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks one region's MySQL. Used by one thread. */
interface RegionSource extends AutoCloseable {
    /** Longest wait for a connection. */
    Duration CONNECT = Duration.ofSeconds(1);

    /** Longest silence of a server. */
    Duration ANSWER = Duration.ofSeconds(2);

    /**
     * What the server holds now, on the session that is there or a new one.
     *
     * @throws SQLException if it does not answer; the next call connects anew
     */
    Holdings read() throws SQLException;

    /** Gives the session up; the next read opens another. */
    @Override
    void close();

    /** By sessions of a role that may read. */
    static RegionSource of(Sessions sessions) {
        Sessions bounded = sessions.connectTimeout(CONNECT)
                .socketTimeout(ANSWER)
                .multiStatements()
                .program("regent-wait");
        return new RegionSource() {
            private @Nullable Connection connection;

            @Override
            public Holdings read() throws SQLException {
                Connection current = connection;
                boolean kept = current != null;
                try {
                    return Holdings.read(current == null ? open() : current);
                } catch (SQLException e) {
                    close();
                    if (!kept) {
                        throw e;
                    }
                }
                return read(); // that a kept session is gone says nothing about the server
            }

            private Connection open() throws SQLException {
                Connection opened = bounded.open();
                connection = opened;
                return opened;
            }

            @Override
            public void close() {
                Connection current = connection;
                connection = null;
                if (current != null) {
                    try {
                        current.close();
                    } catch (SQLException e) {
                        return; // it is lost anyway, and the server drops it
                    }
                }
            }
        };
    }
}

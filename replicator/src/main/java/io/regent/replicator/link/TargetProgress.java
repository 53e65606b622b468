package io.regent.replicator.link;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What the target has executed, asked of the target on a session of its own. */
final class TargetProgress implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Connection connection;

    TargetProgress(Sessions target) throws SQLException {
        this.connection = target.open();
    }

    /** What the target has executed, asked once, on a session that waits for no other and does not wait long. */
    static GtidSet fresh(LinkSettings settings) throws SQLException {
        try (TargetProgress target =
                new TargetProgress(settings.apply().connectTimeout(ANSWER).socketTimeout(ANSWER))) {
            return target.executed();
        }
    }

    GtidSet executed() throws SQLException {
        return query("SELECT @@global.gtid_executed");
    }

    /** Waits at most {@code seconds} until the target has executed all of the set, then says what it has. */
    GtidSet executedAfterWaitingFor(GtidSet awaited, double seconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT WAIT_FOR_EXECUTED_GTID_SET('" + awaited + "', " + seconds + ")");
        }
        return executed();
    }

    private GtidSet query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return GtidSet.parse(row.getString(1));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

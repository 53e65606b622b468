package io.regent.replicator.link;

import io.regent.replicator.order.SourceMark;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Answers;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a source for its mark, on a session that is opened when needed and replaced when lost. Used by one thread. */
final class SourceMarks implements SourceWatch.Source {
    private static final Logger LOG = LoggerFactory.getLogger(SourceMarks.class);

    /**
     * Two statements in one round trip: what it executed, then its epochs and verdicts, all true at one moment. In this
     * order, since what a later epoch or verdict brought must be told with that epoch and verdict.
     */
    private static final String QUERY = "SELECT @@global.gtid_executed; SELECT @@server_uuid,"
            + " (SELECT COALESCE(MAX(epoch), 0) FROM regent_local.epoch),"
            + " (SELECT COALESCE(MAX(epoch), 0) FROM regent_local.epoch WHERE opened_at IS NOT NULL),"
            + " (SELECT COALESCE(MAX(number), 0) FROM regent_local.verdict)";

    private final Sessions source;
    private final Set<UUID> origins;
    private @Nullable Connection connection;

    SourceMarks(LinkSettings settings) {
        this.source = settings.capture()
                .program("regent-watch " + settings.target())
                .multiStatements()
                .socketTimeout(settings.tuning().markLife());
        this.origins = settings.origins();
    }

    /** The session on which it asks, opened if there is none. */
    Connection session() throws SQLException {
        Connection current = connection == null ? source.open() : connection;
        connection = current;
        return current;
    }

    /**
     * Asks.
     *
     * @throws SQLException if there is no answer, or it is another server's
     */
    @Override
    public SourceMark ask() throws SQLException {
        try {
            try (Answers answers = Answers.to(session(), QUERY)) {
                GtidSet executed = GtidSet.parse(answers.text().orElse(""));
                ResultSet row = answers.next();
                row.next();
                if (!origins.contains(UUID.fromString(row.getString(1)))) {
                    throw new SQLException("another server answers: " + row.getString(1));
                }
                return new SourceMark(row.getLong(2), row.getLong(3), row.getLong(4), executed);
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    /** The same as {@link #close} for a session that may be broken. */
    void drop() {
        try {
            close();
        } catch (SQLException e) {
            LOG.debug("closing a session with a source: {}", e.getMessage());
        }
    }

    @Override
    public void close() throws SQLException {
        Connection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
    }
}

package io.regent.sql.rebuild;

import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sees how far a clone is, on a session of its own that is opened anew when it was lost. Owned by one thread. */
public final class CloneWatch implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long MEGA = 1_000_000;

    private final Sessions sessions;
    private final Consumer<String> progress;
    private @Nullable Connection session;
    private long uptime;
    private String told = "";
    private Optional<String> failure = Optional.empty();

    /**
     * Connects at the first look.
     *
     * @param recipient sessions of an administrator on the server whose data is replaced
     * @param progress gets a line whenever there is news
     */
    public CloneWatch(Sessions recipient, Consumer<String> progress) {
        this.sessions = recipient.connectTimeout(CONNECT).socketTimeout(ANSWER);
        this.progress = progress;
    }

    /** What became of the session that clones. */
    enum Sight {
        /** It is there. */
        RUNNING,
        /** The server answers and does not have it, or has started again. */
        GONE,
        /** The server does not answer. */
        SILENT
    }

    Sight look(long connection) {
        try {
            Connection current = session();
            long now = Statements.numbers(
                            current,
                            "SELECT VARIABLE_VALUE FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Uptime'")
                    .get(0);
            boolean restarted = now < uptime;
            uptime = Math.max(now, uptime);
            boolean there = !restarted
                    && !Statements.numbers(
                                    current, "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ?", connection)
                            .isEmpty();
            if (there) {
                tell(current);
            } else if (!restarted) {
                failure = failureOf(current, connection);
            }
            return there ? Sight.RUNNING : Sight.GONE;
        } catch (SQLException e) {
            close();
            return Sight.SILENT;
        }
    }

    /** Why the clone of a session that is gone failed, as the server says; empty if it does not say that it did. */
    Optional<String> failure() {
        return failure;
    }

    private static Optional<String> failureOf(Connection looking, long connection) throws SQLException {
        return Statements.text(
                looking,
                "SELECT CONCAT(ERROR_MESSAGE, ' (', ERROR_NO, ')') FROM performance_schema.clone_status"
                        + " WHERE PID = ? AND STATE = 'Failed'",
                connection);
    }

    private Connection session() throws SQLException {
        Connection current = session;
        if (current == null) {
            current = sessions.open();
            session = current;
        }
        return current;
    }

    private void tell(Connection looking) throws SQLException {
        String query = "SELECT STAGE, STATE, ESTIMATE, DATA FROM performance_schema.clone_progress"
                + " WHERE STATE = 'In Progress' ORDER BY BEGIN_TIME DESC LIMIT 1";
        try (Statement statement = looking.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (row.next()) {
                String line = row.getString(1).toLowerCase(Locale.ROOT) + ": " + row.getLong(4) / MEGA + " of "
                        + row.getLong(3) / MEGA + " MB";
                if (!line.equals(told)) {
                    told = line;
                    progress.accept(line);
                }
            }
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
                told = ""; // it was lost; what is told next is told anew
            }
        }
    }
}

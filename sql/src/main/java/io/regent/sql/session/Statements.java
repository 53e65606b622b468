package io.regent.sql.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One statement in one call, made and executed at once; its values stand for the {@code ?} in it. */
public final class Statements {
    private Statements() {}

    /** Executes it, whatever it answers. */
    public static void execute(Connection session, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(session, sql, values)) {
            statement.execute();
        }
    }

    /** Executes it; how many rows it matched, or wrote if it is an INSERT. */
    public static int update(Connection session, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(session, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** First column of the first row; empty if that is NULL or if there is no row. */
    public static Optional<String> text(Connection session, String query, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = prepare(session, query, values);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }

    /** First column of every row. */
    public static List<Long> numbers(Connection session, String query, @Nullable Object... values) throws SQLException {
        List<Long> all = new ArrayList<>();
        try (PreparedStatement statement = prepare(session, query, values);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(row.getLong(1));
            }
        }
        return all;
    }

    /**
     * How many rows the last of several statements matched, which are executed in one round trip; the session must be
     * allowed that ({@link Sessions#multiStatements}).
     */
    public static int lastUpdate(Connection session, String statements, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement all = prepare(session, statements, values)) {
            all.execute();
            int last = all.getUpdateCount();
            while (all.getMoreResults() || all.getUpdateCount() >= 0) {
                last = all.getUpdateCount();
            }
            return last;
        }
    }

    static PreparedStatement prepare(Connection session, String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = session.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}

package io.regent.sql.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows that several statements give which are executed in one round trip, statement after statement. The session must
 * be allowed that ({@link Sessions#multiStatements}). A statement that fails is told by whoever asks for its answer or for
 * one after it; those after it were not executed.
 */
public final class Answers implements AutoCloseable {
    private final PreparedStatement statements;
    private final boolean first;
    private boolean begun;

    private Answers(PreparedStatement statements) throws SQLException {
        this.statements = statements;
        this.first = statements.execute();
    }

    /**
     * Executes them.
     *
     * @param statements separated by semicolons
     * @param values stand for the {@code ?} in them
     */
    public static Answers to(Connection session, String statements, @Nullable Object... values) throws SQLException {
        PreparedStatement prepared = Statements.prepare(session, statements, values);
        try {
            return new Answers(prepared);
        } catch (SQLException e) {
            try (prepared) {
                throw e;
            }
        }
    }

    /**
     * The rows of the next statement that gives rows; whatever others answered is passed over.
     *
     * @throws SQLException if there is none
     */
    public ResultSet next() throws SQLException {
        boolean rows = begun ? statements.getMoreResults() : first;
        begun = true;
        while (!rows) {
            if (statements.getUpdateCount() < 0) {
                throw new SQLException("the server answered fewer questions than were asked");
            }
            rows = statements.getMoreResults();
        }
        return statements.getResultSet();
    }

    /**
     * First column of the first row of the next statement that gives rows; empty if that is NULL or if there is no row.
     *
     * @throws SQLException if there is none
     */
    public Optional<String> text() throws SQLException {
        try (ResultSet row = next()) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }

    /**
     * First column of every row of the next statement that gives rows.
     *
     * @throws SQLException if there is none
     */
    public List<Long> numbers() throws SQLException {
        List<Long> all = new ArrayList<>();
        try (ResultSet row = next()) {
            while (row.next()) {
                all.add(row.getLong(1));
            }
        }
        return all;
    }

    @Override
    public void close() throws SQLException {
        statements.close();
    }
}

package io.regent.docker.lab.load;

import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.load.ApplicationSession.Answer;
import java.sql.SQLException;
import java.util.List;

/** What one client of an application does, one thing after the other. Only its own thread calls it. */
public interface Operations {
    /**
     * Does one thing at the master. Whatever it remembers of what it wrote, it learns from the answers alone.
     *
     * @throws SQLException of the first statement that fails: it ends the thing
     */
    void next(Writer writer) throws SQLException;

    /** A session with the master, whose every write goes into the history. */
    interface Writer {
        /** Sends one autocommitted statement. */
        Answer write(Intent intent, String sql, Object... arguments) throws SQLException;

        /** Sends statements as one transaction. */
        Answer write(Intent intent, List<Change> transaction) throws SQLException;

        /** Reads rows, which go into no history; columns as text, NULL as the empty string. */
        List<List<String>> read(String sql, Object... arguments) throws SQLException;
    }

    /**
     * One statement of a transaction.
     *
     * @param rows how many rows it must find; otherwise the client calls the transaction off
     * @param sql with question marks
     * @param arguments for them
     */
    record Change(int rows, String sql, List<Object> arguments) {
        /** A statement that must find one row. */
        public static Change ofOneRow(String sql, Object... arguments) {
            return new Change(1, sql, List.of(arguments));
        }
    }
}

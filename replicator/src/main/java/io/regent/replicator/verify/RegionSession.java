package io.regent.replicator.verify;

import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What one region is read by: a session for its catalogue and one for its rows, whose bytes are not translated. */
final class RegionSession implements AutoCloseable {
    private static final Duration LONGEST_SORT = Duration.ofHours(6);
    private static final String SETTINGS = "SET SESSION sql_mode='', SESSION wait_timeout=86400,"
            + " SESSION net_write_timeout=86400, SESSION transaction_isolation='REPEATABLE-READ',"
            // what an administrator may have set for all sessions, and would end or cut short what is read here
            + " SESSION max_execution_time=0, SESSION sql_select_limit=18446744073709551615";

    private final String name;
    private final Connection catalog;
    private final Connection rows;
    private final Closing both;

    private RegionSession(String name, Connection catalog, Connection rows, Closing both) {
        this.name = name;
        this.catalog = catalog;
        this.rows = rows;
        this.both = both;
    }

    static RegionSession open(String name, Sessions sessions) throws SQLException {
        Sessions patient = sessions.socketTimeout(LONGEST_SORT);
        Closing both = new Closing();
        try {
            Connection catalog = both.add(patient.open());
            execute(catalog, SETTINGS);
            Connection rows = both.add(patient.raw().open());
            execute(rows, SETTINGS);
            execute(rows, "SET NAMES utf8mb4");
            execute(rows, "SET SESSION character_set_results=NULL");
            return new RegionSession(name, catalog, rows, both);
        } catch (SQLException e) {
            both.after(e);
            throw e;
        }
    }

    String name() {
        return name;
    }

    Connection catalog() {
        return catalog;
    }

    Connection rows() {
        return rows;
    }

    /** From here on the rows are seen as they are now. */
    void startSnapshot() throws SQLException {
        execute(rows, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    }

    /** Gives up the snapshot and the metadata locks that came with reading in it. */
    void endSnapshot() throws SQLException {
        execute(rows, "COMMIT");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        both.close();
    }
}

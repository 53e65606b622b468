package io.regent.replicator.verify;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Waits until every region has executed what any of them had. Holds no transaction and no lock while it waits. */
final class Barrier implements AutoCloseable {
    private static final Duration MOMENT = Duration.ofMillis(20);

    /** Of a thread that stands in the middle of its commit, where rows are seen and the GTID is not yet. */
    private static final Duration HELD_UP = Duration.ofMillis(150);

    private static final Duration SLACK = Duration.ofSeconds(30);

    private final Map<String, Connection> connections = new LinkedHashMap<>();
    private final Closing opened = new Closing();
    private final Duration patience;
    private Map<String, String> missing = Map.of();
    private GtidSet last = GtidSet.EMPTY;
    private int quiet;

    private Barrier(Duration patience) {
        this.patience = patience;
    }

    static Barrier open(Map<String, Sessions> regions, Duration patience) throws SQLException {
        Barrier barrier = new Barrier(patience);
        try {
            for (Map.Entry<String, Sessions> region : regions.entrySet()) {
                Sessions sessions = region.getValue().socketTimeout(patience.plus(SLACK));
                Connection connection = barrier.opened.add(sessions.open());
                barrier.connections.put(region.getKey(), connection);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET SESSION wait_timeout=86400"); // it is idle while a table is read
                }
            }
            return barrier;
        } catch (SQLException e) {
            barrier.opened.after(e);
            throw e;
        }
    }

    /**
     * Waits at least a moment, so that looking again and again is no load, and at most the patience. Once it ran out, later calls do not wait any more.
     *
     * @return whether every region has executed all that any had at the time of the call
     */
    boolean await() throws SQLException {
        return awaitAfter(MOMENT);
    }

    /**
     * As {@link #await}, before another look at what differs: where nothing is executed any more it lets enough time pass
     * that {@link Suspects#QUIET_LOOKS} looks outlast a commit whose thread is held up on a busy machine.
     */
    boolean awaitAnotherLook() throws SQLException {
        return awaitAfter(quiet > 0 ? HELD_UP : MOMENT);
    }

    private boolean awaitAfter(Duration pause) throws SQLException {
        LockSupport.parkNanos(pause.toNanos());
        long deadline = System.nanoTime() + (missing.isEmpty() ? patience.toNanos() : 0);
        GtidSet union = GtidSet.EMPTY;
        for (Connection connection : connections.values()) {
            union = union.union(executed(connection));
        }
        Map<String, String> lacking = new LinkedHashMap<>();
        for (Map.Entry<String, Connection> region : connections.entrySet()) {
            GtidSet rest = union.subtract(executedAfterWait(region.getValue(), union, deadline));
            if (!rest.isEmpty()) {
                lacking.put(region.getKey(), rest.toString());
            }
        }
        missing = lacking;
        quiet = lacking.isEmpty() && union.equals(last) ? quiet + 1 : 0;
        last = union;
        return lacking.isEmpty();
    }

    /** Whether the last waits, as many as {@link Suspects#QUIET_LOOKS}, found that no region had executed anything since the one before. */
    boolean isQuiet() {
        return quiet >= Suspects.QUIET_LOOKS;
    }

    /** Region to what it lacked when the last wait ended; only regions that lacked something. */
    Map<String, String> missing() {
        return missing;
    }

    private static GtidSet executedAfterWait(Connection connection, GtidSet awaited, long deadline)
            throws SQLException {
        double seconds = Math.max(0.001, (deadline - System.nanoTime()) / 1e9);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT WAIT_FOR_EXECUTED_GTID_SET('" + awaited + "', " + seconds + ")");
        }
        return executed(connection);
    }

    private static GtidSet executed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global.gtid_executed")) {
            row.next();
            return GtidSet.parse(row.getString(1));
        }
    }

    @Override
    public void close() throws SQLException {
        opened.close();
    }
}

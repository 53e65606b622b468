package io.regent.docker.lab.sample;

import io.regent.docker.lab.check.SnapshotRule;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes one snapshot after the other of one region, on one session as long as it lasts. */
final class RegionReader {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int NO_SUCH_SCHEMA = 1049;

    private final String region;
    private final Sessions sessions;
    private final List<SnapshotRule> rules;

    RegionReader(String region, Sessions sessions, List<SnapshotRule> rules) {
        this.region = region;
        this.sessions =
                sessions.program("regent-sample").connectTimeout(CONNECT).socketTimeout(ANSWER);
        this.rules = rules;
    }

    /**
     * What one look showed.
     *
     * @param applied the rules whose tables were there
     */
    record Look(
            long startNanos,
            long endNanos,
            ServerState server,
            long epoch,
            List<SnapshotRule> applied,
            List<Breach> breaches) {}

    String region() {
        return region;
    }

    Connection open() throws SQLException {
        Connection session = sessions.open();
        try (Statement statement = session.createStatement()) {
            statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    Look look(Connection session) throws SQLException {
        long start = System.nanoTime();
        List<SnapshotRule> applied = new ArrayList<>();
        List<Breach> breaches = new ArrayList<>();
        try (Statement statement = session.createStatement()) {
            long before = epoch(statement);
            ServerState server = ServerState.read(session);
            long epoch = epoch(statement) == before ? before : 0;
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            for (SnapshotRule rule : rules) {
                if (apply(rule, statement, breaches)) {
                    applied.add(rule);
                }
            }
            statement.execute("COMMIT");
            return new Look(start, System.nanoTime(), server, epoch, applied, breaches);
        }
    }

    private static long epoch(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(epoch), 0) FROM regent_local.epoch")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** False if its tables are not there yet. */
    private boolean apply(SnapshotRule rule, Statement statement, List<Breach> breaches) throws SQLException {
        try (ResultSet row = statement.executeQuery(rule.sql())) {
            while (row.next()) {
                breaches.add(new Breach(
                        region, System.nanoTime(), rule, row.getString(1), row.getBoolean(2), row.getString(3)));
            }
            return true;
        } catch (SQLException e) {
            if (MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE) || MysqlErrors.is(e, NO_SUCH_SCHEMA)) {
                return false;
            }
            throw e;
        }
    }
}

package io.regent.docker.lab.sample;

import io.regent.docker.lab.check.SnapshotRule;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes one snapshot after the other of one region, on one session as long as it lasts. */
final class RegionReader {
    private final String region;
    private final Entrance entrance;
    private final List<SnapshotRule> rules;
    /** Tables that had rows in a snapshot of before. */
    private final Set<String> populated = new HashSet<>();

    RegionReader(String region, Entrance entrance, List<SnapshotRule> rules) {
        this.region = region;
        this.entrance = entrance;
        this.rules = rules;
    }

    /**
     * What one look showed.
     *
     * @param stateNanos when the server had told its write state
     * @param endNanos when everything was read
     * @param applied the rules whose tables had rows
     */
    record Look(
            long startNanos,
            long stateNanos,
            long endNanos,
            ServerState server,
            Epoch epoch,
            List<SnapshotRule> applied,
            List<Breach> breaches) {}

    /**
     * The newest epoch that a server recorded.
     *
     * @param number 0 if it recorded none, or another one while its write state was read
     * @param holder its region; empty if there is none
     */
    record Epoch(long number, String holder) {
        private static final Epoch NONE = new Epoch(0, "");
    }

    String region() {
        return region;
    }

    Connection open() throws SQLException {
        Connection session = entrance.open();
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
            Epoch before = epoch(statement);
            ServerState server = ServerState.read(session);
            long told = System.nanoTime();
            Epoch epoch = epoch(statement).equals(before) ? before : Epoch.NONE;
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            for (SnapshotRule rule : rules) {
                if (hasRows(rule, statement, breaches)) {
                    apply(rule, statement, breaches);
                    applied.add(rule);
                }
            }
            statement.execute("COMMIT");
            return new Look(start, told, System.nanoTime(), server, epoch, applied, breaches);
        }
    }

    private static Epoch epoch(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT epoch, region FROM regent_local.epoch ORDER BY epoch DESC LIMIT 1")) {
            return row.next() ? new Epoch(row.getLong(1), row.getString(2)) : Epoch.NONE;
        }
    }

    /** Whether there is anything to hold against it; a table that had rows once and has none any more is a breach. */
    private boolean hasRows(SnapshotRule rule, Statement statement, List<Breach> breaches) throws SQLException {
        boolean some = false;
        try (ResultSet row = statement.executeQuery(rule.rows())) {
            some = row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE) && !MysqlErrors.is(e, MysqlErrors.NO_SUCH_DATABASE)) {
                throw e;
            }
        }
        if (some) {
            populated.add(rule.table());
        } else if (populated.contains(rule.table())) {
            breaches.add(new Breach(
                    region, System.nanoTime(), rule, "", false, rule.table() + " had rows, and is empty or gone"));
        }
        return some;
    }

    private void apply(SnapshotRule rule, Statement statement, List<Breach> breaches) throws SQLException {
        try (ResultSet row = statement.executeQuery(rule.sql())) {
            while (row.next()) {
                breaches.add(new Breach(
                        region, System.nanoTime(), rule, row.getString(1), row.getBoolean(2), row.getString(3)));
            }
        }
    }
}

package io.regent.docker.lab.check;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.SessionPool;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The regions as the checkers read them, again and again: a pool of sessions for each. */
public final class Regions implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int AT_A_TIME = 2;

    private final Map<String, Sessions> sessions;
    private final Map<String, SessionPool> pools = new LinkedHashMap<>();

    /**
     * Connects when it is asked for something.
     *
     * @param sessions name to sessions as the OBSERVE account, in the order of the cluster
     */
    public Regions(Map<String, Sessions> sessions) {
        this.sessions = new LinkedHashMap<>(sessions);
        sessions.forEach((region, one) -> pools.put(
                region, one.program("regent-check").socketTimeout(ANSWER).pool(AT_A_TIME)));
    }

    /** Their names, in the order of the cluster. */
    public List<String> names() {
        return List.copyOf(sessions.keySet());
    }

    /** Name to sessions, in the order of the cluster. */
    Map<String, Sessions> sessions() {
        return sessions;
    }

    /** {@code gtid_executed} of each region. */
    public Map<String, GtidSet> executed() throws SQLException {
        Map<String, GtidSet> all = new LinkedHashMap<>();
        for (String region : sessions.keySet()) {
            all.put(
                    region,
                    GtidSet.parse(query(region, "SELECT @@global.gtid_executed").get(0)));
        }
        return all;
    }

    /** The GTIDs that any region knows to be void. */
    public GtidSet voided() throws SQLException {
        GtidSet all = GtidSet.EMPTY;
        for (String region : sessions.keySet()) {
            for (String voided : query(region, "SELECT voided FROM regent_local.verdict")) {
                all = all.union(GtidSet.parse(voided));
            }
        }
        return all;
    }

    /** The rows of a query in one region, columns joined by commas. */
    List<String> query(String region, String sql) throws SQLException {
        return rows(region, sql).stream().map(row -> String.join(", ", row)).toList();
    }

    /** The rows of a query in one region, columns as text, NULL as {@code null} in letters. */
    public List<List<String>> rows(String region, String sql) throws SQLException {
        SessionPool pool = pools.get(region);
        if (pool == null) {
            throw new IllegalArgumentException("no region " + region);
        }
        try (Connection connection = pool.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(row.getString(i)));
                }
                rows.add(columns);
            }
            return rows;
        }
    }

    /** Closes all sessions. */
    @Override
    public void close() {
        pools.values().forEach(SessionPool::close);
    }
}

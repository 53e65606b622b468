package io.regent.sql.preflight;

import io.regent.sql.carriage.ServerContents;
import io.regent.sql.counter.Slots;
import io.regent.sql.counter.Slots.Drift;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of the two servers, as the OBSERVE account sees it.
 *
 * @param region whose it is
 * @param state its version and sets
 * @param variables those that applications could notice, by name
 * @param accounts its accounts by name, Regent's own left out
 * @param contents its settings and contents, as far as they bear on what can be carried
 * @param sessions users who have sessions now, with where from
 * @param drifted settings of its numbers that are not as {@code init} left them
 */
public record ServerSight(
        String region,
        ServerState state,
        Map<String, String> variables,
        Map<String, AccountSight> accounts,
        ServerContents contents,
        List<SessionSight> sessions,
        List<Drift> drifted) {

    private static final String SESSIONS = "SELECT ID, USER, HOST FROM information_schema.PROCESSLIST"
            + " WHERE COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')";
    private static final String VARIABLES = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ("
            + String.join(
                    ", ",
                    VariableRules.READ.stream().map(name -> "'" + name + "'").toList()) + ")";

    /** A session. */
    record SessionSight(long id, String user, String host) {}

    /**
     * Looks.
     *
     * @param sessions sessions of the OBSERVE account
     * @param regent user names of Regent's accounts
     */
    public static ServerSight read(String region, Sessions sessions, Collection<String> regent) throws SQLException {
        try (Connection session = sessions.program("regent-preflight").open()) {
            return new ServerSight(
                    region,
                    ServerState.read(session),
                    variables(session),
                    AccountReader.read(session, regent),
                    ServerContents.read(session, regent),
                    sessions(session, regent),
                    Slots.drift(session));
        }
    }

    private static Map<String, String> variables(Connection session) throws SQLException {
        Map<String, String> all = new TreeMap<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(VARIABLES)) {
            while (row.next()) {
                all.put(row.getString(1), row.getString(2));
            }
        }
        return all;
    }

    private static List<SessionSight> sessions(Connection session, Collection<String> regent) throws SQLException {
        List<SessionSight> all = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(SESSIONS)) {
            while (row.next()) {
                if (!regent.contains(row.getString(2))) {
                    all.add(new SessionSight(row.getLong(1), row.getString(2), row.getString(3)));
                }
            }
        }
        return all;
    }
}

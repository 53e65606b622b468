package io.regent.sql.channel;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A server's part in native replication.
 *
 * @param state the server; its executed set was read before its channels
 * @param channels what it replicates by
 * @param autostart the variable that keeps its threads from starting with mysqld; empty if this version has none
 * @param held whether that is persisted as ON
 * @param semiSync the variable by which it waits, as a source, for acknowledgements of replicas; empty if it does not
 * @param skips which errors its applier passes over; empty for none
 * @param readers uuids of the replicas that are connected to it
 */
public record ReplicaSight(
        ServerState state,
        List<Channel> channels,
        Optional<String> autostart,
        boolean held,
        Optional<String> semiSync,
        String skips,
        List<UUID> readers) {
    private static final List<String> AUTOSTART = List.of("skip_replica_start", "skip_slave_start");
    private static final List<String> SEMI_SYNC =
            List.of("rpl_semi_sync_source_enabled", "rpl_semi_sync_master_enabled");
    private static final List<String> SKIPS = List.of("replica_skip_errors", "slave_skip_errors");

    /** Copies the lists. */
    public ReplicaSight {
        channels = List.copyOf(channels);
        readers = List.copyOf(readers);
    }

    /**
     * Reads it.
     *
     * @param session of an administrator
     * @throws SQLException if the server does not answer
     */
    public static ReplicaSight read(Connection session) throws SQLException {
        ServerState state = ServerState.read(session);
        Map<String, String> variables = variables(session);
        Optional<String> autostart =
                AUTOSTART.stream().filter(variables::containsKey).findFirst();
        return new ReplicaSight(
                state,
                Channels.read(session),
                autostart,
                autostart.isPresent() && ReplicaThreads.isHeld(session, autostart.get()),
                SEMI_SYNC.stream()
                        .filter(name -> "ON".equals(variables.get(name)))
                        .findFirst(),
                SKIPS.stream()
                        .map(variables::get)
                        .filter(found -> found != null && !found.equals("OFF"))
                        .findFirst()
                        .orElse(""),
                readers(session));
    }

    /** Its only channel; null if it has none or several. */
    public @Nullable Channel onlyChannel() {
        return channels.size() == 1 ? channels.get(0) : null;
    }

    private static Map<String, String> variables(Connection session) throws SQLException {
        List<String> names = new ArrayList<>(AUTOSTART);
        names.addAll(SEMI_SYNC);
        names.addAll(SKIPS);
        Map<String, String> found = new HashMap<>();
        for (String name : names) {
            Statements.text(
                            session,
                            "SELECT VARIABLE_VALUE FROM performance_schema.global_variables WHERE VARIABLE_NAME = ?",
                            name)
                    .ifPresent(value -> found.put(name, value));
        }
        return found;
    }

    private static List<UUID> readers(Connection session) throws SQLException {
        List<UUID> all = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SHOW REPLICAS")) {
            while (row.next()) {
                uuid(row.getString("Replica_UUID")).ifPresent(all::add);
            }
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.SYNTAX)) {
                throw e;
            }
        }
        return all;
    }

    /** A uuid as the server shows it; empty if it shows none. */
    static Optional<UUID> uuid(@Nullable String text) {
        return text == null || text.isBlank() ? Optional.empty() : Optional.of(UUID.fromString(text));
    }
}

package io.regent.sql.channel;

import io.regent.sql.channel.Channel.Receiver;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads the channels of a server. */
final class Channels {
    /** Columns of SHOW REPLICA STATUS that are empty where everything is replicated as it is. */
    private static final List<String> FILTERS = List.of(
            "Replicate_Do_DB",
            "Replicate_Ignore_DB",
            "Replicate_Do_Table",
            "Replicate_Ignore_Table",
            "Replicate_Wild_Do_Table",
            "Replicate_Wild_Ignore_Table",
            "Replicate_Rewrite_DB",
            "Replicate_Ignore_Server_Ids");

    private static final String NO_CONDITION = "None";

    private Channels() {}

    static List<Channel> read(Connection session) throws SQLException {
        List<Channel> all = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SHOW REPLICA STATUS")) {
            while (row.next()) {
                all.add(channel(row));
            }
        }
        List<Channel> whole = new ArrayList<>();
        for (Channel channel : all) {
            whole.add(withConfiguration(session, channel));
        }
        return whole;
    }

    private static Channel channel(ResultSet row) throws SQLException {
        return new Channel(
                row.getString("Channel_Name"),
                row.getString("Source_Host"),
                row.getInt("Source_Port"),
                ReplicaSight.uuid(row.getString("Source_UUID")),
                row.getInt("Auto_Position") == 1,
                switch (row.getString("Replica_IO_Running")) {
                    case "Yes" -> Receiver.RUNS;
                    case "No" -> Receiver.STOPPED;
                    default -> Receiver.CONNECTS;
                },
                "Yes".equals(row.getString("Replica_SQL_Running")),
                Duration.ofSeconds(row.getLong("SQL_Delay")),
                special(row),
                errors(row));
    }

    private static List<String> special(ResultSet row) throws SQLException {
        List<String> all = new ArrayList<>();
        for (String column : FILTERS) {
            String value = Objects.requireNonNullElse(row.getString(column), "");
            if (!value.isEmpty()) {
                all.add(column + " = " + value);
            }
        }
        String until = Objects.requireNonNullElse(row.getString("Until_Condition"), NO_CONDITION);
        if (!until.equalsIgnoreCase(NO_CONDITION)) {
            all.add("START REPLICA UNTIL " + until);
        }
        return all;
    }

    private static List<String> errors(ResultSet row) throws SQLException {
        List<String> all = new ArrayList<>();
        for (String thread : List.of("IO", "SQL")) {
            int number = row.getInt("Last_" + thread + "_Errno");
            if (number != 0) {
                all.add(row.getString("Last_" + thread + "_Error") + " (" + number + ")");
            }
        }
        return all;
    }

    /** What SHOW REPLICA STATUS does not show. */
    private static Channel withConfiguration(Connection session, Channel channel) throws SQLException {
        List<String> special = new ArrayList<>(channel.special());
        Statements.text(
                        session,
                        "SELECT ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE"
                                + " FROM performance_schema.replication_applier_configuration WHERE CHANNEL_NAME = ?",
                        channel.name())
                .filter(found -> !found.equals("OFF"))
                .ifPresent(found -> special.add("ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS = " + found));
        Statements.text(
                        session,
                        "SELECT SOURCE_CONNECTION_AUTO_FAILOVER"
                                + " FROM performance_schema.replication_connection_configuration WHERE CHANNEL_NAME = ?",
                        channel.name())
                .filter(found -> found.equals("1"))
                .ifPresent(found -> special.add("SOURCE_CONNECTION_AUTO_FAILOVER = 1"));
        return new Channel(
                channel.name(),
                channel.sourceHost(),
                channel.sourcePort(),
                channel.sourceUuid(),
                channel.autoPosition(),
                channel.receiver(),
                channel.applies(),
                channel.delay(),
                special,
                channel.errors());
    }
}

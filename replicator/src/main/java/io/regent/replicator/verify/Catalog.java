package io.regent.replicator.verify;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Everything that one region defines, as text. */
final class Catalog {
    /** What names a definition: a trigger or an event is named in its schema, as a table is. */
    record Name(String kind, String schema, String name) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int order = schema.compareTo(other.schema);
            order = order != 0 ? order : kind.compareTo(other.kind);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    static final String TABLE = "TABLE";

    private static final String THEIRS =
            " NOT IN ('mysql','sys','performance_schema','information_schema','regent_local','regent_probe')";
    private static final int NO_SUCH_ROUTINE = 1305;
    private static final Pattern COUNTER = Pattern.compile("(?m)^(\\)[^'\\n]*?) AUTO_INCREMENT=\\d+");

    /** Each names a kind, then what is looked up: schema, name, and columns that together make the definition. */
    private static final List<String> PLAIN = List.of(
            "SELECT 'SCHEMA', schema_name, '', default_character_set_name, default_collation_name"
                    + " FROM information_schema.schemata WHERE schema_name" + THEIRS,
            "SELECT 'VIEW', table_schema, table_name, view_definition, check_option, definer, security_type,"
                    + " character_set_client, collation_connection"
                    + " FROM information_schema.views WHERE table_schema" + THEIRS,
            "SELECT 'TRIGGER', trigger_schema, trigger_name, action_timing, event_manipulation, event_object_table,"
                    + " action_order, action_statement, definer, sql_mode, character_set_client,"
                    + " collation_connection, database_collation"
                    + " FROM information_schema.triggers WHERE trigger_schema" + THEIRS,
            "SELECT 'EVENT', event_schema, event_name, event_definition, event_type, execute_at, interval_value,"
                    + " interval_field, starts, ends, on_completion, event_comment, definer, time_zone, sql_mode,"
                    + " character_set_client, collation_connection, database_collation"
                    + " FROM information_schema.events WHERE event_schema" + THEIRS);

    private static final String TABLES = "SELECT 'TABLE', table_schema, table_name FROM information_schema.tables"
            + " WHERE table_type='BASE TABLE' AND table_schema" + THEIRS;
    private static final String ROUTINES = "SELECT routine_type, routine_schema, routine_name"
            + " FROM information_schema.routines WHERE routine_schema" + THEIRS;

    private final Map<Name, String> definitions = new TreeMap<>();
    private final Connection connection;

    private Catalog(Connection connection) {
        this.connection = connection;
    }

    /** Reads all definitions; what is dropped meanwhile is left out. */
    static Map<Name, String> read(Connection connection) throws SQLException {
        Catalog catalog = new Catalog(connection);
        for (String sql : PLAIN) {
            catalog.definitions.putAll(catalog.list(sql));
        }
        catalog.show(TABLES);
        catalog.show(ROUTINES);
        return catalog.definitions;
    }

    private Map<Name, String> list(String sql) throws SQLException {
        Map<Name, String> all = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                all.put(new Name(row.getString(1), row.getString(2), row.getString(3)), text(row, 4));
            }
        }
        return all;
    }

    private void show(String sql) throws SQLException {
        for (Name name : list(sql).keySet()) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SHOW CREATE " + name.kind + " " + Quoting.identifier(name.schema, name.name))) {
                if (row.next()) {
                    String text = text(row, 2);
                    definitions.put(name, name.kind.equals(TABLE) ? withoutCounter(text) : text);
                }
            } catch (SQLException e) {
                if (!MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE) && !MysqlErrors.is(e, NO_SUCH_ROUTINE)) {
                    throw e;
                }
            }
        }
    }

    private static String withoutCounter(String definition) {
        return COUNTER.matcher(definition).replaceFirst("$1");
    }

    private static String text(ResultSet row, int from) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (int i = from; i <= row.getMetaData().getColumnCount(); i++) {
            parts.add(Objects.requireNonNullElse(row.getString(i), "NULL"));
        }
        return String.join("\n", parts);
    }
}

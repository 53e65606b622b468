package io.regent.sql.carriage;

import io.regent.sql.carriage.ServerContents.Item;
import io.regent.sql.carriage.ServerContents.Kind;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The one query. Each part answers kind, schema, name, detail. */
final class ContentsReader {
    private static final String THEIRS = " NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema',"
            + " 'regent', 'regent_local', 'regent_probe')";

    private static final List<String> PARTS = List.of(
            part(
                    Kind.VARIABLE,
                    "''",
                    "VARIABLE_NAME",
                    "VARIABLE_VALUE",
                    "performance_schema.global_variables WHERE VARIABLE_NAME IN ('log_bin', 'gtid_mode',"
                            + " 'enforce_gtid_consistency', 'log_replica_updates', 'log_slave_updates', 'binlog_format',"
                            + " 'binlog_row_image', 'binlog_row_metadata', 'binlog_row_value_options', 'binlog_checksum',"
                            + " 'binlog_expire_logs_seconds', 'expire_logs_days', 'lower_case_table_names', 'time_zone', 'version')"),
            "SELECT 'VARIABLE', '', 'gtid_executed', CONVERT(@@global.gtid_executed USING utf8mb4)",
            part(
                    Kind.ENGINE,
                    "TABLE_SCHEMA",
                    "TABLE_NAME",
                    "IFNULL(ENGINE, 'none')",
                    "information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE' AND IFNULL(ENGINE, 'none') <> 'InnoDB'"
                            + " AND TABLE_SCHEMA" + THEIRS),
            part(
                    Kind.KEYLESS,
                    "t.TABLE_SCHEMA",
                    "t.TABLE_NAME",
                    "IFNULL(k.indexes, 0)",
                    "information_schema.TABLES t LEFT JOIN (SELECT TABLE_SCHEMA, TABLE_NAME, COUNT(DISTINCT INDEX_NAME)"
                            + " AS indexes, MAX(INDEX_NAME = 'PRIMARY') AS has_primary FROM information_schema.STATISTICS"
                            + " GROUP BY TABLE_SCHEMA, TABLE_NAME) k ON k.TABLE_SCHEMA = t.TABLE_SCHEMA AND k.TABLE_NAME ="
                            + " t.TABLE_NAME WHERE t.TABLE_TYPE = 'BASE TABLE' AND IFNULL(k.has_primary, 0) = 0 AND"
                            + " t.TABLE_SCHEMA" + THEIRS),
            part(
                    Kind.VECTOR,
                    "TABLE_SCHEMA",
                    "TABLE_NAME",
                    "CONCAT('`', REPLACE(COLUMN_NAME, '`', '``'), '` ', COLUMN_TYPE, IF(IS_NULLABLE = 'NO', ' NOT NULL', ''))",
                    "information_schema.COLUMNS WHERE DATA_TYPE = 'vector' AND TABLE_SCHEMA" + THEIRS),
            part(Kind.COLLATION, "''", "COLLATION_NAME", "ID", "information_schema.COLLATIONS"),
            part(
                    Kind.COLLATED,
                    "''",
                    "COLLATION_NAME",
                    "MIN(CONCAT('column ', TABLE_SCHEMA, '.', TABLE_NAME, '.', COLUMN_NAME))",
                    "information_schema.COLUMNS WHERE COLLATION_NAME IS NOT NULL AND TABLE_SCHEMA" + THEIRS
                            + " GROUP BY COLLATION_NAME"),
            part(
                    Kind.COLLATED,
                    "''",
                    "TABLE_COLLATION",
                    "MIN(CONCAT('table ', TABLE_SCHEMA, '.', TABLE_NAME))",
                    "information_schema.TABLES WHERE TABLE_COLLATION IS NOT NULL AND TABLE_SCHEMA" + THEIRS
                            + " GROUP BY TABLE_COLLATION"),
            part(
                    Kind.COLLATED,
                    "''",
                    "DEFAULT_COLLATION_NAME",
                    "MIN(CONCAT('schema ', SCHEMA_NAME))",
                    "information_schema.SCHEMATA WHERE SCHEMA_NAME" + THEIRS + " GROUP BY DEFAULT_COLLATION_NAME"),
            "SELECT 'COLLATED', '', CONVERT(@@global.collation_server USING utf8mb4), 'collation_server'",
            part(
                    Kind.ZONE,
                    "''",
                    "n.Name",
                    "CONCAT(IFNULL(t.digest, 0), '-', IFNULL(y.digest, 0))",
                    "mysql.time_zone_name n LEFT JOIN (SELECT Time_zone_id, BIT_XOR(CRC32(CONCAT_WS(',',"
                            + " Transition_time, Transition_type_id))) AS digest FROM mysql.time_zone_transition"
                            + " GROUP BY Time_zone_id) t ON t.Time_zone_id = n.Time_zone_id LEFT JOIN (SELECT"
                            + " Time_zone_id, BIT_XOR(CRC32(CONCAT_WS(',', Transition_type_id, `Offset`, Is_DST))) AS"
                            + " digest FROM mysql.time_zone_transition_type GROUP BY Time_zone_id) y ON y.Time_zone_id ="
                            + " n.Time_zone_id"),
            zoned("EVENT", "EVENT", "CONCAT(\"'\", TIME_ZONE, \"' \", EVENT_DEFINITION)")
                    + " AND (TIME_ZONE REGEXP '^[A-Za-z]' AND TIME_ZONE <> 'SYSTEM' OR " + speaks("EVENT_DEFINITION")
                    + ")",
            zoned("ROUTINE", "ROUTINE", "ROUTINE_DEFINITION") + " AND " + speaks("ROUTINE_DEFINITION"),
            zoned("TRIGGER", "TRIGGER", "ACTION_STATEMENT") + " AND " + speaks("ACTION_STATEMENT"),
            zoned("VIEW", "TABLE", "VIEW_DEFINITION") + " AND " + speaks("VIEW_DEFINITION"),
            part(
                            Kind.ZONED,
                            "TABLE_SCHEMA",
                            "TABLE_NAME",
                            "CONCAT(IFNULL(GENERATION_EXPRESSION, ''), ' ', IFNULL(COLUMN_DEFAULT, ''))",
                            "information_schema.COLUMNS WHERE TABLE_SCHEMA" + THEIRS)
                    + " AND (" + speaks("GENERATION_EXPRESSION") + " OR " + speaks("COLUMN_DEFAULT") + ")",
            part(
                    Kind.CHANNEL,
                    "''",
                    "c.CHANNEL_NAME",
                    "CONCAT(c.HOST, ':', c.PORT, IF(s.SERVICE_STATE = 'OFF' AND a.SERVICE_STATE = 'OFF', ' stopped',"
                            + " ' running'))",
                    "performance_schema.replication_connection_configuration c"
                            + " LEFT JOIN performance_schema.replication_connection_status s ON s.CHANNEL_NAME ="
                            + " c.CHANNEL_NAME LEFT JOIN performance_schema.replication_applier_status a ON"
                            + " a.CHANNEL_NAME = c.CHANNEL_NAME"),
            part(
                    Kind.STATEMENTS,
                    "''",
                    "EVENT_NAME",
                    "COUNT_STAR",
                    "performance_schema.events_statements_summary_global_by_event_name"
                            + " WHERE EVENT_NAME = 'statement/sql/xa_start' AND COUNT_STAR > 0"),
            ofSessions(Kind.FORMAT, "binlog_format", "ROW"),
            ofSessions(Kind.IMAGE, "binlog_row_image", "FULL"),
            part(
                    Kind.PRIVILEGED,
                    "u.User",
                    "u.Host",
                    "CASE WHEN u.account_locked = 'Y' THEN 'LOCKED' WHEN u.Grant_priv = 'Y' AND u.Create_user_priv = 'Y'"
                            + " THEN 'ADMINISTRATOR' ELSE '' END",
                    "mysql.user u WHERE u.User NOT LIKE 'mysql.%' AND (u.Super_priv = 'Y'"
                            + " OR EXISTS (SELECT 1 FROM mysql.global_grants g WHERE g.USER = u.User AND g.HOST = u.Host"
                            + " AND g.PRIV = 'CONNECTION_ADMIN'))"),
            part(
                    Kind.EVENT,
                    "EVENT_SCHEMA",
                    "EVENT_NAME",
                    "DEFINER",
                    "information_schema.EVENTS WHERE STATUS = 'ENABLED' AND EVENT_SCHEMA" + THEIRS));

    private static final String QUERY = String.join(" UNION ALL ", PARTS);

    /** Else generated primary keys may be hidden. */
    private static final String SHOW_KEYS = "SET SESSION show_gipk_in_create_table_and_information_schema = ON";

    private ContentsReader() {}

    private static String part(Kind kind, String schema, String name, String detail, String from) {
        String columns = List.of(schema, name, detail).stream()
                .map(column -> column.equals("''") ? column : "CONVERT(" + column + " USING utf8mb4)")
                .collect(Collectors.joining(", "));
        return "SELECT '" + kind + "', " + columns + " FROM " + from;
    }

    /** Sessions that keep another value of a variable than the wanted one. */
    private static String ofSessions(Kind kind, String variable, String wanted) {
        return part(
                kind,
                "''",
                "t.PROCESSLIST_ID",
                "v.VARIABLE_VALUE",
                "performance_schema.threads t JOIN performance_schema.variables_by_thread v ON v.THREAD_ID ="
                        + " t.THREAD_ID WHERE v.VARIABLE_NAME = '" + variable + "' AND v.VARIABLE_VALUE <> '" + wanted
                        + "' AND t.PROCESSLIST_ID IS NOT NULL AND t.PROCESSLIST_ID <> CONNECTION_ID()"
                        + " AND t.PROCESSLIST_COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')"
                        + " AND t.NAME NOT LIKE 'thread/sql/replica%' AND t.NAME NOT LIKE 'thread/sql/slave%'");
    }

    private static String zoned(String view, String prefix, String text) {
        return part(
                Kind.ZONED,
                prefix + "_SCHEMA",
                prefix + "_NAME",
                text,
                "information_schema." + view + "S WHERE " + prefix + "_SCHEMA" + THEIRS);
    }

    private static String speaks(String text) {
        return "(LOWER(" + text + ") LIKE '%convert_tz%' OR LOWER(" + text + ") LIKE '%time_zone%')";
    }

    static ServerContents read(Connection session, Collection<String> regent) throws SQLException {
        Map<Kind, List<Item>> all = new EnumMap<>(Kind.class);
        try (Statement statement = session.createStatement()) {
            showGeneratedKeys(statement);
            try (ResultSet row = statement.executeQuery(QUERY)) {
                while (row.next()) {
                    Kind kind = Kind.valueOf(row.getString(1));
                    Item item = new Item(text(row, 2), text(row, 3), text(row, 4));
                    if (kind != Kind.PRIVILEGED || !regent.contains(item.schema())) {
                        all.computeIfAbsent(kind, first -> new ArrayList<>()).add(item);
                    }
                }
            }
        }
        return new ServerContents(all);
    }

    private static void showGeneratedKeys(Statement statement) throws SQLException {
        try {
            statement.execute(SHOW_KEYS);
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.UNKNOWN_SYSTEM_VARIABLE)) {
                throw e;
            }
        }
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNullElse(row.getString(column), "");
    }
}

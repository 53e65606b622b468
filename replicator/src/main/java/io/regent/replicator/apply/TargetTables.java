package io.regent.replicator.apply;

import io.regent.replicator.rows.ColumnDescription;
import io.regent.replicator.rows.ColumnType;
import io.regent.replicator.rows.Labels;
import io.regent.replicator.rows.TableDescription;
import io.regent.sql.session.Quoting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The target's tables as its catalogue describes them, in the terms of row events. */
final class TargetTables {
    private static final Map<String, ColumnType> BLOBS = Map.of(
            "tinyblob", ColumnType.BLOB,
            "blob", ColumnType.BLOB,
            "mediumblob", ColumnType.BLOB,
            "longblob", ColumnType.BLOB,
            "tinytext", ColumnType.BLOB,
            "text", ColumnType.BLOB,
            "mediumtext", ColumnType.BLOB,
            "longtext", ColumnType.BLOB);
    private static final Map<String, ColumnType> OTHERS = Map.of(
            "binary", ColumnType.CHAR,
            "varbinary", ColumnType.VARCHAR,
            "point", ColumnType.GEOMETRY,
            "linestring", ColumnType.GEOMETRY,
            "polygon", ColumnType.GEOMETRY,
            "multipoint", ColumnType.GEOMETRY,
            "multilinestring", ColumnType.GEOMETRY,
            "multipolygon", ColumnType.GEOMETRY,
            "geomcollection", ColumnType.GEOMETRY,
            "geometrycollection", ColumnType.GEOMETRY);

    private final Connection connection;
    private final Map<String, Integer> collations = new HashMap<>();

    TargetTables(Connection connection) {
        this.connection = connection;
    }

    /** Describes a table, or nothing if the target has none of that name. */
    Optional<TableDescription> describe(String schema, String table) throws SQLException {
        List<ColumnDescription> columns = columns(schema, table);
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new TableDescription(schema, table, columns, primaryKey(schema, table)));
    }

    /** The table's storage engine. */
    String engine(String schema, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT engine FROM information_schema.tables WHERE " + named(schema, table))) {
            return row.next() ? String.valueOf(row.getString(1)) : "none";
        }
    }

    private List<ColumnDescription> columns(String schema, String table) throws SQLException {
        List<ColumnDescription> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT column_name, data_type, column_type,"
                        + " character_octet_length, numeric_precision, numeric_scale, datetime_precision,"
                        + " collation_name FROM information_schema.columns WHERE " + named(schema, table)
                        + " ORDER BY ordinal_position")) {
            while (row.next()) {
                columns.add(column(row));
            }
        }
        return columns;
    }

    private ColumnDescription column(ResultSet row) throws SQLException {
        String dataType = row.getString(2).toLowerCase(Locale.ROOT);
        String columnType = row.getString(3);
        ColumnType type = typeOf(dataType);
        boolean labelled = type == ColumnType.ENUM || type == ColumnType.SET;
        List<String> labels = labelled ? Labels.of(columnType) : List.of();
        return new ColumnDescription(
                row.getString(1),
                type,
                metadata(type, dataType, labels.size(), row),
                type == ColumnType.YEAR
                        || (!labelled && columnType.toLowerCase(Locale.ROOT).contains("unsigned")),
                collation(type, row.getString(8)),
                labels);
    }

    private static ColumnType typeOf(String dataType) {
        ColumnType type = BLOBS.getOrDefault(dataType, OTHERS.get(dataType));
        return type != null ? type : ColumnType.valueOf(dataType.toUpperCase(Locale.ROOT));
    }

    private static int metadata(ColumnType type, String dataType, int labels, ResultSet row) throws SQLException {
        return switch (type) {
            case FLOAT, JSON, GEOMETRY, VECTOR -> 4;
            case DOUBLE -> 8;
            case CHAR, VARCHAR -> row.getInt(4);
            case DECIMAL -> row.getInt(5) | (row.getInt(6) << 8);
            case BIT -> row.getInt(5) % 8 | (row.getInt(5) / 8) << 8;
            case TIMESTAMP, DATETIME, TIME -> row.getInt(7);
            case ENUM -> labels > 255 ? 2 : 1;
            case SET -> labels > 32 ? 8 : (labels + 7) / 8;
            case BLOB -> blobLength(dataType);
            default -> 0;
        };
    }

    private static int blobLength(String dataType) {
        return switch (dataType.charAt(0)) {
            case 't' -> dataType.startsWith("tiny") ? 1 : 2;
            case 'b' -> 2;
            case 'm' -> 3;
            default -> 4;
        };
    }

    private int collation(ColumnType type, @Nullable String name) throws SQLException {
        if (name != null) {
            return collationId(name);
        }
        return switch (type) {
            case CHAR, VARCHAR, BLOB, ENUM, SET -> ColumnDescription.BINARY_COLLATION;
            default -> 0;
        };
    }

    private int collationId(String name) throws SQLException {
        if (collations.isEmpty()) {
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT collation_name, id FROM information_schema.collations")) {
                while (row.next()) {
                    collations.put(row.getString(1), row.getInt(2));
                }
            }
        }
        return collations.getOrDefault(name, -1);
    }

    private List<String> primaryKey(String schema, String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT column_name FROM information_schema.statistics WHERE "
                        + named(schema, table) + " AND index_name='PRIMARY' ORDER BY seq_in_index")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    private static String named(String schema, String table) {
        return "table_schema=" + Quoting.string(schema) + " AND table_name=" + Quoting.string(table);
    }
}

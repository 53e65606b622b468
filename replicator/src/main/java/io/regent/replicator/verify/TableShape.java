package io.regent.replicator.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * As much of a table's definition as decides whether rows can be compared.
 *
 * @param columns those that hold something: all but the virtual ones
 * @param key the columns of the primary key in its order; empty without one
 */
record TableShape(List<Column> columns, List<String> key) {
    /** One column; the charset is empty unless it holds text. */
    record Column(String name, String type, String charset) {
        boolean isInteger() {
            return type.endsWith("int");
        }
    }

    /** Reads the shape, or nothing if there is no such table. */
    static Optional<TableShape> read(Connection connection, TableName table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT column_name, data_type, character_set_name"
                    + " FROM information_schema.columns WHERE " + table.condition()
                    + " AND extra NOT LIKE '%VIRTUAL GENERATED%' ORDER BY ordinal_position")) {
                while (row.next()) {
                    String type = row.getString(2).toLowerCase(Locale.ROOT);
                    columns.add(new Column(row.getString(1), type, Objects.requireNonNullElse(row.getString(3), "")));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT column_name FROM information_schema.statistics WHERE "
                    + table.condition() + " AND index_name='PRIMARY' ORDER BY seq_in_index")) {
                while (row.next()) {
                    key.add(row.getString(1));
                }
            }
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(new TableShape(columns, key));
    }

    boolean hasKey() {
        return !key.isEmpty();
    }

    /** The columns that tell rows apart: the primary key, or all. */
    List<Column> identity() {
        return hasKey() ? key.stream().map(this::column).toList() : columns;
    }

    /** Whether the server can give the rows in the order of the key's numbers. */
    boolean hasIntegerKey() {
        return hasKey() && identity().stream().allMatch(Column::isInteger);
    }

    /** How many numbers a {@link RowKey} has. */
    int keyParts() {
        return hasIntegerKey() ? key.size() : 1;
    }

    private Column column(String name) {
        return columns.stream()
                .filter(column -> column.name.equals(name))
                .findFirst()
                .orElseThrow();
    }
}

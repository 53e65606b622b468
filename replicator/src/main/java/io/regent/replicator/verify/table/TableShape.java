package io.regent.replicator.verify.table;

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
 * As much of a table's definition as decides whether rows can be compared, and in which portions.
 *
 * @param columns those that hold something: all but the virtual ones
 * @param key the columns of the primary key in its order; empty without one
 * @param bounds the key's first columns by which the table can be cut into ranges, with their collations; empty if it has to be
 *     read as a whole
 */
public record TableShape(List<Column> columns, List<String> key, List<Bound> bounds) {
    /**
     * A column whose values can be where a range ends.
     *
     * @param column the column
     * @param collation by which text is ordered; else empty
     */
    public record Bound(Column column, String collation) {}

    private record KeyPart(String column, boolean whole, boolean descending) {}

    /** Reads the shape, or nothing if there is no such table. */
    public static Optional<TableShape> read(Connection connection, TableName table) throws SQLException {
        List<Bound> columns = new ArrayList<>();
        List<KeyPart> key = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row =
                    statement.executeQuery("SELECT column_name, data_type, character_set_name, collation_name"
                            + " FROM information_schema.columns WHERE " + table.condition()
                            + " AND extra NOT LIKE '%VIRTUAL GENERATED%' ORDER BY ordinal_position")) {
                while (row.next()) {
                    String type = row.getString(2).toLowerCase(Locale.ROOT);
                    Column column = new Column(row.getString(1), type, text(row, 3));
                    columns.add(new Bound(column, text(row, 4)));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT column_name, sub_part IS NULL, collation='D'"
                    + " FROM information_schema.statistics WHERE "
                    + table.condition() + " AND index_name='PRIMARY' ORDER BY seq_in_index")) {
                while (row.next()) {
                    key.add(new KeyPart(row.getString(1), row.getBoolean(2), row.getBoolean(3)));
                }
            }
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(of(columns, key));
    }

    /** How many rows there are about, as the server estimates; 0 if it does not. */
    public static long estimatedRows(Connection connection, TableName table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT table_rows FROM information_schema.tables WHERE " + table.condition())) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNullElse(row.getString(column), "");
    }

    private static TableShape of(List<Bound> columns, List<KeyPart> key) {
        List<Bound> bounds = new ArrayList<>();
        for (KeyPart part : key) {
            Bound bound = columns.stream()
                    .filter(one -> one.column.name().equals(part.column))
                    .findFirst()
                    .orElseThrow();
            if (!part.whole || part.descending != key.get(0).descending || !bound.column.bounds()) {
                break;
            }
            bounds.add(bound);
        }
        return new TableShape(
                columns.stream().map(Bound::column).toList(),
                key.stream().map(KeyPart::column).toList(),
                List.copyOf(bounds));
    }

    /** The same, to be read as a whole. */
    public TableShape whole() {
        return new TableShape(columns, key, List.of());
    }

    /** Whether it has a primary key. */
    public boolean hasKey() {
        return !key.isEmpty();
    }

    /** Whether no two rows have the same values in the columns that can be where a range ends. */
    public boolean isCutExactly() {
        return hasKey() && bounds.size() == key.size();
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
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

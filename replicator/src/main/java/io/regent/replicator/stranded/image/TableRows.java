package io.regent.replicator.stranded.image;

import io.regent.replicator.rows.ColumnDescription;
import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.stranded.keys.ForeignKeys.Cascade;
import io.regent.sql.session.Quoting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows of the server compared with what they must be. What it reads by key stays locked until the transaction ends. */
public final class TableRows {
    private static final int KEYS_A_LOOK = 200;

    private final Connection connection;
    private final ColumnSql sql;

    /** Looks through this session, whose time zone is UTC. */
    public TableRows(Connection connection) throws SQLException {
        this.connection = connection;
        this.sql = ColumnSql.read(connection);
    }

    /** A row that is not as it must be. */
    public record Difference(String key, String reason) {}

    /** Looks at every row that undoing touches, as it is now. */
    public Optional<Difference> beforeUndo(TouchedRows touched) throws SQLException {
        if (touched.contradiction().isPresent()) {
            return Optional.of(new Difference("", touched.contradiction().get()));
        }
        return touched.hasKey()
                ? byKey(touched, touched.now(), "the transaction left it")
                : withoutKey(touched.table(), new HashMap<>(touched.needed()));
    }

    /** Looks at every row that undoing touched. */
    public Optional<Difference> afterUndo(TouchedRows touched) throws SQLException {
        return byKey(touched, touched.then(), "it was before the transaction");
    }

    /** Looks at every row that a release touches, and locks it: each must be as it was before what is released. */
    public Optional<Difference> beforeRelease(TouchedRows touched) throws SQLException {
        return touched.contradiction().isPresent()
                ? Optional.of(new Difference("", touched.contradiction().get()))
                : byKey(touched, touched.then(), "it was before the transaction");
    }

    /** Looks at every row that a release touched. */
    public Optional<Difference> afterRelease(TouchedRows touched) throws SQLException {
        return byKey(touched, touched.now(), "the transaction left it");
    }

    private Optional<Difference> byKey(
            TouchedRows touched, Map<List<ColumnValue>, Optional<List<ColumnValue>>> wanted, String as)
            throws SQLException {
        List<List<ColumnValue>> keys = new ArrayList<>(wanted.keySet());
        for (int at = 0; at < keys.size(); at += KEYS_A_LOOK) {
            List<List<ColumnValue>> some = keys.subList(at, Math.min(at + KEYS_A_LOOK, keys.size()));
            Map<List<ColumnValue>, List<ColumnValue>> found = find(touched, some);
            for (List<ColumnValue> key : some) {
                Optional<Difference> difference = difference(
                        touched.table(),
                        key,
                        wanted.getOrDefault(key, Optional.empty()),
                        Optional.ofNullable(found.get(key)),
                        as);
                if (difference.isPresent()) {
                    return difference;
                }
            }
            Optional<Difference> occupied = occupied(touched.table(), wanted, some, found);
            if (occupied.isPresent()) {
                return occupied;
            }
        }
        return Optional.empty();
    }

    private Map<List<ColumnValue>, List<ColumnValue>> find(TouchedRows touched, List<List<ColumnValue>> keys)
            throws SQLException {
        TableDescription table = touched.table();
        List<ColumnDescription> keyColumns = columns(table, table.primaryKey());
        String where = keys.stream().map(key -> condition(keyColumns, key)).collect(Collectors.joining(" OR "));
        Map<List<ColumnValue>, List<ColumnValue>> found = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select(table) + " WHERE " + where + " FOR UPDATE")) {
            while (row.next()) {
                List<ColumnValue> image = image(table, row);
                found.put(touched.key(image), image);
            }
        }
        return found;
    }

    private static Optional<Difference> difference(
            TableDescription table,
            List<ColumnValue> key,
            Optional<List<ColumnValue>> wanted,
            Optional<List<ColumnValue>> found,
            String as) {
        if (wanted.equals(found)) {
            return Optional.empty();
        }
        String name = keyText(table, key);
        if (wanted.isEmpty() || found.isEmpty()) {
            return Optional.of(new Difference(
                    name, wanted.isEmpty() ? "a row is there, and none was as " + as : "the row is gone"));
        }
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            ColumnValue is = found.get().get(i);
            ColumnValue must = wanted.get().get(i);
            if (!is.equals(must)) {
                columns.add(table.columns().get(i).name());
            }
        }
        return Optional.of(new Difference(name, "the row is no longer as " + as + ": " + String.join(", ", columns)));
    }

    /** A row with a key that only its collation takes for one of ours stands where none must be. */
    private static Optional<Difference> occupied(
            TableDescription table,
            Map<List<ColumnValue>, Optional<List<ColumnValue>>> wanted,
            List<List<ColumnValue>> asked,
            Map<List<ColumnValue>, List<ColumnValue>> found) {
        Set<List<ColumnValue>> strangers = new HashSet<>(found.keySet());
        asked.forEach(strangers::remove);
        strangers.removeIf(key -> wanted.getOrDefault(key, Optional.empty()).isPresent());
        return strangers.stream()
                .findFirst()
                .map(key -> new Difference(keyText(table, key), "a row is there that the transaction did not leave"));
    }

    /** One pass over the table: there is no key to look by. */
    private Optional<Difference> withoutKey(TableDescription table, Map<List<ColumnValue>, Integer> missing)
            throws SQLException {
        missing.values().removeIf(count -> count <= 0);
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(Integer.MIN_VALUE); // the driver's word for "row by row"
            try (ResultSet row = statement.executeQuery(select(table))) {
                while (row.next()) {
                    missing.computeIfPresent(image(table, row), (image, count) -> count == 1 ? null : count - 1);
                }
            }
        }
        return missing.keySet().stream()
                .findFirst()
                .map(image -> new Difference(RowChange.keyText(table, image), "the row is gone"));
    }

    /** Whether a foreign key would carry the delete of this row on to others. */
    public boolean hasChildren(Cascade key, RowChange parent) throws SQLException {
        List<ColumnDescription> columns = columns(parent.table(), key.parentColumns());
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < key.parentColumns().size(); i++) {
            ColumnDescription column = named(columns, key.parentColumns().get(i));
            ColumnValue value = parent.after().get(parent.table().columns().indexOf(column));
            if (value.isNull()) {
                return false;
            }
            ColumnDescription child = new ColumnDescription(
                    key.childColumns().get(i),
                    column.type(),
                    column.metadata(),
                    column.unsigned(),
                    column.collation(),
                    column.labels());
            conditions.add(sql.equal(child, value));
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM "
                        + Quoting.identifier(key.childSchema(), key.child()) + " WHERE "
                        + String.join(" AND ", conditions) + " LIMIT 1 FOR UPDATE")) {
            return row.next();
        }
    }

    /** Whether there is a row with these values; it is locked against change until the transaction ends. */
    public boolean exists(String schema, String table, List<ColumnDescription> columns, List<ColumnValue> values)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM " + Quoting.identifier(schema, table) + " WHERE "
                        + condition(columns, values) + " LIMIT 1 FOR SHARE")) {
            return row.next();
        }
    }

    private static ColumnDescription named(List<ColumnDescription> columns, String name) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no column " + name + " in " + columns));
    }

    private static String select(TableDescription table) {
        return "SELECT " + table.columns().stream().map(ColumnSql::select).collect(Collectors.joining(",")) + " FROM "
                + Quoting.identifier(table.schema(), table.table());
    }

    private static List<ColumnValue> image(TableDescription table, ResultSet row) throws SQLException {
        List<ColumnValue> image = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            image.add(ColumnSql.value(table.columns().get(i), row.getBytes(i + 1)));
        }
        return image;
    }

    /** In the table's order, as {@link RowChange#values} gives them. */
    private static List<ColumnDescription> columns(TableDescription table, List<String> names) {
        return table.columns().stream()
                .filter(column -> names.stream().anyMatch(column.name()::equalsIgnoreCase))
                .toList();
    }

    private String condition(List<ColumnDescription> columns, List<ColumnValue> key) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parts.add(sql.equal(columns.get(i), key.get(i)));
        }
        return "(" + String.join(" AND ", parts) + ")";
    }

    private static String keyText(TableDescription table, List<ColumnValue> key) {
        List<ColumnDescription> columns = columns(table, table.primaryKey());
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parts.add(columns.get(i).name() + "=" + key.get(i).readable());
        }
        return String.join(", ", parts);
    }
}

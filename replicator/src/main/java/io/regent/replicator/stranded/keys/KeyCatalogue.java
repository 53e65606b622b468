package io.regent.replicator.stranded.keys;

import io.regent.replicator.stranded.keys.TableKeys.Columns;
import io.regent.replicator.stranded.keys.TableKeys.Parent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The unique and foreign keys of a server's tables, as they are now. */
public final class KeyCatalogue {
    private static final Set<String> TEXTS = Set.of("char", "varchar");
    private static final Set<String> BYTES = Set.of("binary", "varbinary");
    private static final String UNIQUE = """
            SELECT table_schema, table_name, index_name, column_name, sub_part
            FROM information_schema.statistics
            WHERE non_unique = 0 AND table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')
            ORDER BY table_schema, table_name, index_name, seq_in_index""";
    private static final String FOREIGN = """
            SELECT k.table_schema, k.table_name, k.constraint_name, k.column_name,
                   k.referenced_table_schema, k.referenced_table_name, k.referenced_column_name,
                   c.data_type, c.column_type, c.collation_name, p.data_type, p.column_type, p.collation_name
            FROM information_schema.key_column_usage k
            LEFT JOIN information_schema.columns c ON c.table_schema = k.table_schema
              AND c.table_name = k.table_name AND c.column_name = k.column_name
            LEFT JOIN information_schema.columns p ON p.table_schema = k.referenced_table_schema
              AND p.table_name = k.referenced_table_name AND p.column_name = k.referenced_column_name
            WHERE k.referenced_table_name IS NOT NULL
            ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position""";

    private final Map<String, TableKeys> tables = new HashMap<>();

    private KeyCatalogue() {}

    /** Reads them, of all tables that the account has a right on. */
    public static KeyCatalogue read(Connection connection) throws SQLException {
        KeyCatalogue catalogue = new KeyCatalogue();
        try (Statement statement = connection.createStatement()) {
            catalogue.readUnique(statement);
            catalogue.readForeign(statement);
        }
        return catalogue;
    }

    TableKeys of(String table) {
        return tables.getOrDefault(lower(table), TableKeys.NONE);
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** An index of a place, for people. */
    Optional<Columns> named(String table, List<String> columns) {
        return of(table).unique().stream()
                .filter(index -> index.names().equals(columns)
                        && index.prefixes().stream().allMatch(length -> length == 0))
                .findFirst();
    }

    private void readUnique(Statement statement) throws SQLException {
        Map<List<String>, Columns> found = new LinkedHashMap<>();
        Map<String, String> exact = new HashMap<>();
        try (ResultSet row = statement.executeQuery(UNIQUE)) {
            while (row.next()) {
                String table = lower(row.getString(1) + "." + row.getString(2));
                String spelled = row.getString(1) + "." + row.getString(2);
                String other = exact.putIfAbsent(table, spelled);
                if (other != null && !other.equals(spelled)) {
                    change(table, keys -> keys.withProblem("there are " + other + " and " + spelled));
                }
                String index = row.getString(3);
                String column = row.getString(4);
                if (column == null) {
                    change(table, keys -> keys.withProblem("its unique index " + index + " is on an expression"));
                } else {
                    found.merge(
                            List.of(table, index),
                            Columns.NONE.with(table + "." + index, lower(column), row.getInt(5)),
                            KeyCatalogue::joined);
                }
            }
        }
        found.forEach((name, columns) -> change(name.get(0), keys -> keys.withUnique(columns)));
    }

    private static Columns joined(Columns begun, Columns next) {
        return begun.with(begun.name(), next.names().get(0), next.prefixes().get(0));
    }

    private void readForeign(Statement statement) throws SQLException {
        Map<List<String>, Parent> found = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery(FOREIGN)) {
            while (row.next()) {
                String child = lower(row.getString(1) + "." + row.getString(2));
                String parent = lower(row.getString(5) + "." + row.getString(6));
                String constraint = row.getString(3);
                String label = parent + "." + lower(row.getString(7));
                found.merge(
                        List.of(child, constraint),
                        new Parent(
                                row.getString(5),
                                row.getString(6),
                                Columns.NONE.with(label, lower(row.getString(7)), 0),
                                List.of(lower(row.getString(4)))),
                        KeyCatalogue::joined);
                if (!comparable(row)) {
                    String why =
                            "the foreign key " + constraint + " of " + child + " refers to columns of another kind";
                    change(child, keys -> keys.withProblem(why));
                    change(parent, keys -> keys.withProblem(why));
                }
            }
        }
        found.forEach((name, foreign) -> {
            change(name.get(0), keys -> keys.withParent(foreign));
            change(foreign.table(), keys -> keys.withReferred(foreign.referred()));
        });
    }

    private static Parent joined(Parent begun, Parent next) {
        String label = begun.referred().name() + "," + next.referred().names().get(0);
        Columns referred = begun.referred().with(label, next.referred().names().get(0), 0);
        List<String> names = new ArrayList<>(begun.names());
        names.addAll(next.names());
        return new Parent(begun.schema(), begun.name(), referred, names);
    }

    /** MySQL asks for the same when a foreign key is made, and can be made to look away. */
    private static boolean comparable(ResultSet row) throws SQLException {
        String child = kind(row.getString(8), row.getString(9), row.getString(10));
        String parent = kind(row.getString(11), row.getString(12), row.getString(13));
        return !child.isEmpty() && child.equals(parent);
    }

    private static String kind(@Nullable String dataType, @Nullable String columnType, @Nullable String collation) {
        if (dataType == null || columnType == null) {
            return "";
        }
        String type = lower(dataType);
        if (TEXTS.contains(type)) {
            return type + " "
                    + collation; // CHAR is stored with its blanks, VARCHAR compared without: not for certain alike
        }
        if (BYTES.contains(type)) {
            return "bytes";
        }
        return type + (lower(columnType).contains("unsigned") ? " unsigned" : "");
    }

    private void change(String table, UnaryOperator<TableKeys> change) {
        tables.put(table, change.apply(tables.getOrDefault(table, TableKeys.NONE)));
    }
}

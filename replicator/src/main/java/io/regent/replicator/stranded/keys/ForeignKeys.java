package io.regent.replicator.stranded.keys;

import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.TableDescription;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The foreign keys of a server through which a change of one row changes others: ON DELETE or ON UPDATE with CASCADE or
 * SET NULL. Which those are the binlog holds only where the row event says so
 * ({@link io.regent.replicator.transaction.RowsEvents#tellsCascades}); the version of the server does not tell it.
 */
public final class ForeignKeys {
    private static final String QUERY = """
            SELECT k.constraint_schema, k.constraint_name, k.table_name, k.column_name, k.referenced_table_schema,
                   k.referenced_table_name, k.referenced_column_name,
                   r.delete_rule NOT IN ('RESTRICT', 'NO ACTION'), r.update_rule NOT IN ('RESTRICT', 'NO ACTION')
            FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
              ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
             AND r.table_name = k.table_name
            WHERE k.referenced_table_name IS NOT NULL
            ORDER BY k.constraint_schema, k.table_name, k.constraint_name, k.ordinal_position""";

    private final List<Cascade> cascades;
    private final boolean heeded;

    /**
     * These.
     *
     * @param heeded whether this server leaves to the row events what they tell to hold, and carries nothing on itself
     */
    private ForeignKeys(List<Cascade> cascades, boolean heeded) {
        this.cascades = List.copyOf(cascades);
        this.heeded = heeded;
    }

    /**
     * A foreign key that carries changes from parent to child.
     *
     * @param parentSchema database of the parent
     * @param parent the table referred to
     * @param parentColumns its columns
     * @param childSchema database of the child
     * @param child the table that refers
     * @param childColumns its columns, in the order of the parent's
     * @param onDelete whether a delete of the parent changes the child
     * @param onUpdate whether an update of the parent's columns does
     */
    public record Cascade(
            String parentSchema,
            String parent,
            List<String> parentColumns,
            String childSchema,
            String child,
            List<String> childColumns,
            boolean onDelete,
            boolean onUpdate) {

        private boolean isOn(TableDescription table) {
            return parentSchema.equalsIgnoreCase(table.schema()) && parent.equalsIgnoreCase(table.table());
        }

        private Cascade with(String parentColumn, String childColumn) {
            List<String> parents = new ArrayList<>(parentColumns);
            List<String> children = new ArrayList<>(childColumns);
            parents.add(parentColumn);
            children.add(childColumn);
            return new Cascade(parentSchema, parent, parents, childSchema, child, children, onDelete, onUpdate);
        }
    }

    /** Reads them; the account sees those of the tables that it has a right on. */
    public static ForeignKeys read(Connection connection) throws SQLException {
        Map<String, Cascade> found = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            while (row.next()) {
                String name = row.getString(1) + "." + row.getString(2) + "." + row.getString(3);
                Cascade known = found.get(name);
                Cascade begun = known != null
                        ? known
                        : new Cascade(
                                row.getString(5),
                                row.getString(6),
                                List.of(),
                                row.getString(1),
                                row.getString(3),
                                List.of(),
                                row.getBoolean(8),
                                row.getBoolean(9));
                found.put(name, begun.with(row.getString(7), row.getString(4)));
            }
        }
        boolean heeded = ServerState.read(connection).version().atLeast(9, 6, 0);
        return new ForeignKeys(
                found.values().stream()
                        .filter(key -> key.onDelete || key.onUpdate)
                        .toList(),
                heeded);
    }

    /** Those by which a delete of a row of this table would change rows of others. */
    public List<Cascade> onDeleteOf(TableDescription parent) {
        return cascades.stream().filter(key -> key.onDelete && key.isOn(parent)).toList();
    }

    /** Says what a change may have changed besides, unseen by the binlog. */
    public Optional<String> unseen(RowChange change) {
        return change.tellsCascades()
                ? Optional.empty()
                : first(change)
                        .map(key -> "it " + (change.kind() == RowChange.Kind.DELETE ? "deletes" : "changes the key of")
                                + " a row of " + change.table().name() + " (" + change.keyText()
                                + "), and what that changed in "
                                + key.childSchema + "." + key.child + " by its foreign key is not in the binlog");
    }

    private Optional<Cascade> first(RowChange change) {
        return change.kind() == RowChange.Kind.INSERT
                ? Optional.empty()
                : cascades.stream()
                        .filter(key -> key.isOn(change.table()) && reaches(key, change))
                        .findFirst();
    }

    /**
     * The tables, {@code schema.table} in lower case, in which a change may change rows unseen by the binlog: its row
     * event would have to tell, and this server, which is to execute it, to heed that.
     */
    public Set<String> unseenTables(RowChange change) {
        Set<String> found = new HashSet<>();
        if (!(heeded && change.tellsCascades()) && first(change).isPresent()) {
            Deque<String> next = new ArrayDeque<>(Set.of(lower(change.table().name())));
            while (!next.isEmpty()) {
                String parent = next.remove();
                cascades.stream()
                        .filter(key ->
                                lower(key.parentSchema + "." + key.parent).equals(parent))
                        .map(key -> lower(key.childSchema + "." + key.child))
                        .filter(found::add)
                        .forEach(next::add);
            }
        }
        return found;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean reaches(Cascade key, RowChange change) {
        if (change.kind() == RowChange.Kind.DELETE) {
            return key.onDelete;
        }
        List<ColumnValue> before = RowChange.values(change.table(), key.parentColumns, change.before());
        return key.onUpdate && !before.equals(RowChange.values(change.table(), key.parentColumns, change.after()));
    }
}

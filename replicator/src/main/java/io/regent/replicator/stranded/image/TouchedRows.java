package io.regent.replicator.stranded.image;

import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.TableDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of one table that undoing a transaction touches: how they must be now, and how they must be then.
 *
 * <p>A transaction may touch a row several times; only its last image can be compared with the table. Therefore the
 * changes are followed backwards, and of each row the first look counts.
 */
public final class TouchedRows {
    private final TableDescription table;
    private final Map<List<ColumnValue>, Optional<List<ColumnValue>>> now = new LinkedHashMap<>();
    private final Map<List<ColumnValue>, Optional<List<ColumnValue>>> then = new LinkedHashMap<>();
    private final Map<List<ColumnValue>, Integer> needed = new LinkedHashMap<>();
    private final Map<List<ColumnValue>, Integer> balance = new HashMap<>();
    private Optional<String> contradiction = Optional.empty();

    private TouchedRows(TableDescription table) {
        this.table = table;
    }

    /** Of each table that the changes touch. */
    public static List<TouchedRows> of(List<RowChange> changes) {
        Map<String, TouchedRows> tables = new LinkedHashMap<>();
        for (int i = changes.size() - 1; i >= 0; i--) {
            RowChange change = changes.get(i);
            tables.computeIfAbsent(change.table().name(), name -> new TouchedRows(change.table()))
                    .undo(change);
        }
        return new ArrayList<>(tables.values());
    }

    /** Whose rows they are. */
    public TableDescription table() {
        return table;
    }

    /** Whether its rows can be told apart. */
    public boolean hasKey() {
        return !table.primaryKey().isEmpty();
    }

    /** By key, the image that the row must have before anything is undone; none if there must be no such row. */
    public Map<List<ColumnValue>, Optional<List<ColumnValue>>> now() {
        return now;
    }

    /** The same when all is undone. */
    public Map<List<ColumnValue>, Optional<List<ColumnValue>>> then() {
        return then;
    }

    /** Of a table without a key: how many rows of each image there must be at least. */
    Map<List<ColumnValue>, Integer> needed() {
        return needed;
    }

    /** Two changes of the transaction that can't have followed each other; none in a binlog that is sound. */
    public Optional<String> contradiction() {
        return contradiction;
    }

    private void undo(RowChange change) {
        if (!hasKey()) {
            undoWithoutKey(change);
            return;
        }
        List<ColumnValue> before = key(change.before());
        List<ColumnValue> after = key(change.after());
        if (change.kind() != RowChange.Kind.DELETE) {
            expect(after, Optional.of(change.after()));
            then.put(after, Optional.empty());
        }
        if (change.kind() != RowChange.Kind.INSERT) {
            if (!before.equals(after)) {
                expect(before, Optional.empty());
            }
            then.put(before, Optional.of(change.before()));
        }
    }

    private void expect(List<ColumnValue> key, Optional<List<ColumnValue>> image) {
        Optional<List<ColumnValue>> known = then.get(key);
        if (known == null) {
            now.put(key, image);
        } else if (!known.equals(image)) {
            contradiction = Optional.of("its changes of the row " + key + " contradict each other");
        }
    }

    private void undoWithoutKey(RowChange change) {
        if (change.kind() != RowChange.Kind.DELETE) {
            int left = balance.merge(change.after(), -1, Integer::sum);
            needed.merge(change.after(), -left, Math::max);
        }
        if (change.kind() != RowChange.Kind.INSERT) {
            balance.merge(change.before(), 1, Integer::sum);
        }
    }

    List<ColumnValue> key(List<ColumnValue> image) {
        return RowChange.values(table, table.primaryKey(), image);
    }
}

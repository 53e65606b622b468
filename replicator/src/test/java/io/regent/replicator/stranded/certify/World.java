package io.regent.replicator.stranded.certify;

import io.regent.replicator.stranded.certify.Graph.Foreign;
import io.regent.replicator.stranded.certify.Graph.OnDelete;
import io.regent.replicator.stranded.certify.Graph.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database over a tiny key space, which knows what a server does not: when each row was born, and which births of its
 * parents a row was written for. It refuses what MySQL would, and rows that refer to themselves.
 */
final class World {
    private final Graph graph;
    private final Map<Place, Row> rows;
    private int births;

    World(Graph graph) {
        this(graph, Map.of(), 0);
    }

    private World(Graph graph, Map<Place, Row> rows, int births) {
        this.graph = graph;
        this.rows = new LinkedHashMap<>(rows);
        this.births = births;
    }

    /** The same, going its own way; what is born here is born nowhere else. */
    World fork(int way) {
        return new World(graph, rows, 1_000_000 * way);
    }

    /** Where a row is. */
    record Place(int table, List<Integer> key) {}

    /** What the bytes of a row are. */
    record Image(int table, List<@Nullable Integer> values) {
        /** The values of these columns; none if one of them is NULL. */
        Optional<List<Integer>> of(List<Integer> columns) {
            List<Integer> found = new ArrayList<>();
            for (int column : columns) {
                Integer value = values.get(column);
                if (value == null) {
                    return Optional.empty();
                }
                found.add(value);
            }
            return Optional.of(found);
        }
    }

    /** What a row is; its parents' births in the order of the table's foreign keys, 0 where it has no parent. */
    record Row(Image image, int birth, List<Integer> parents) {}

    /** A change as the binlog has it, and what it meant. */
    record Change(@Nullable Image before, @Nullable Image after, int birth, List<Integer> parents) {}

    Map<Place, Row> rows() {
        return rows;
    }

    Place place(Image image) {
        return new Place(image.table, image.of(table(image).primary()).orElseThrow());
    }

    private Table table(Image image) {
        return graph.tables().get(image.table);
    }

    /** Does it, if that is possible now. */
    Optional<Change> insert(Image image) {
        return tried(new Change(null, image, ++births, births(image)));
    }

    Optional<Change> delete(Row row) {
        return tried(new Change(row.image, null, row.birth, List.of()));
    }

    /** A child whose parent columns stay the same goes on meaning what it meant. */
    Optional<Change> update(Row row, Image after) {
        List<Integer> parents = new ArrayList<>(births(after));
        for (int i = 0; i < parents.size(); i++) {
            List<Integer> columns = table(after).foreign().get(i).columns();
            if (row.image.of(columns).equals(after.of(columns))) {
                parents.set(i, row.parents.get(i));
            }
        }
        return tried(new Change(row.image, after, row.birth, parents));
    }

    private Optional<Change> tried(Change change) {
        return apply(List.of(change)) ? Optional.of(change) : Optional.empty();
    }

    private List<Integer> births(Image child) {
        return table(child).foreign().stream()
                .map(key -> parent(child, key).map(Row::birth).orElse(0))
                .toList();
    }

    private Optional<Row> parent(Image child, Foreign key) {
        return child.of(key.columns())
                .flatMap(values -> rows.values().stream()
                        .filter(row -> row.image.table == key.parent()
                                && row.image.of(key.referred()).equals(Optional.of(values)))
                        .findFirst());
    }

    /** Changes of a transaction, all or nothing. */
    boolean apply(List<Change> changes) {
        Map<Place, Row> old = new LinkedHashMap<>(rows);
        for (Change change : changes) {
            if (!applied(change)) {
                rows.clear();
                rows.putAll(old);
                return false;
            }
        }
        return true;
    }

    /** As a server would that compares before-images; false if the server refuses. */
    private boolean applied(Change change) {
        Image before = change.before;
        Image after = change.after;
        Row old = before == null ? null : rows.get(place(before));
        if (before != null && (old == null || !old.image.equals(before))) {
            return false;
        }
        if (after == null) {
            return old != null && removed(old);
        }
        if (old != null) {
            if (isReferredByWhatChanges(old, after)) {
                return false;
            }
            rows.remove(place(old.image));
        }
        boolean fits = !rows.containsKey(place(after)) && isUnique(after) && hasParents(after);
        int birth = old == null ? change.birth : old.birth;
        rows.put(place(after), new Row(after, birth, change.parents));
        return fits;
    }

    private boolean isUnique(Image image) {
        Optional<List<Integer>> unique = image.of(table(image).unique());
        return table(image).unique().isEmpty()
                || unique.isEmpty()
                || rows.values().stream()
                        .noneMatch(other -> other.image.table == image.table
                                && other.image.of(table(image).unique()).equals(unique));
    }

    private boolean hasParents(Image image) {
        return table(image).foreign().stream()
                .allMatch(key ->
                        image.of(key.columns()).isEmpty() || parent(image, key).isPresent());
    }

    private boolean isReferredByWhatChanges(Row old, Image after) {
        return children(old.image).stream().anyMatch(child -> {
            List<Integer> referred = child.key.referred();
            return !old.image.of(referred).equals(after.of(referred));
        });
    }

    /** A row that refers to another, and by which key. */
    private record Child(Row row, int number, Foreign key) {}

    private List<Child> children(Image parent) {
        List<Child> found = new ArrayList<>();
        for (Row row : rows.values()) {
            List<Foreign> keys = table(row.image).foreign();
            for (int i = 0; i < keys.size(); i++) {
                Foreign key = keys.get(i);
                Optional<List<Integer>> values = row.image.of(key.columns());
                if (key.parent() == parent.table && values.isPresent() && values.equals(parent.of(key.referred()))) {
                    found.add(new Child(row, i, key));
                }
            }
        }
        return found;
    }

    private boolean removed(Row row) {
        List<Child> children = children(row.image);
        rows.remove(place(row.image));
        for (Child child : children) {
            Row now = rows.get(place(child.row.image));
            if (now == null) {
                continue; // by another way
            }
            if (child.key.onDelete() == OnDelete.RESTRICT
                    || (child.key.onDelete() == OnDelete.CASCADE && !removed(now))) {
                return false;
            }
            if (child.key.onDelete() == OnDelete.SET_NULL) {
                rows.put(place(now.image), orphaned(now, child));
            }
        }
        return true;
    }

    private static Row orphaned(Row row, Child child) {
        List<@Nullable Integer> values = new ArrayList<>(row.image.values);
        child.key.columns().forEach(column -> values.set(column, null));
        List<Integer> parents = new ArrayList<>(row.parents);
        parents.set(child.number, 0);
        return new Row(new Image(row.image.table, values), row.birth, parents);
    }

    /** Children that hang on another parent than the one they were written for. */
    List<Row> adopted() {
        return rows.values().stream()
                .filter(row -> !Objects.equals(births(row.image), row.parents))
                .toList();
    }
}

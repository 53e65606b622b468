package io.regent.replicator.stranded.certify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A database of three tables over a tiny key space, which knows what a server does not: when each row was born, and
 * which birth of its parent a child was written for.
 *
 * <p>Table 0 refers to itself, 1 to 0, 2 to 1. Each has a primary key and a unique column, and refuses what MySQL would.
 */
final class World {
    static final int TABLES = 3;

    private final Map<Place, Row> rows;
    private int births;

    World() {
        this(Map.of(), 0);
    }

    private World(Map<Place, Row> rows, int births) {
        this.rows = new TreeMap<>(rows);
        this.births = births;
    }

    /** The same, going its own way; what is born here is born nowhere else. */
    World fork(int way) {
        return new World(rows, 1_000_000 * way);
    }

    record Place(int table, int id) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return table != other.table ? Integer.compare(table, other.table) : Integer.compare(id, other.id);
        }

        @Nullable Place parent(@Nullable Integer of) {
            return of == null ? null : new Place(Math.max(0, table - 1), of);
        }
    }

    /** What the bytes of a row are. */
    record Image(
            Place id, @Nullable Integer unique, @Nullable Integer parent, int value) {
        @Nullable Place parentId() {
            return id.parent(parent);
        }
    }

    /** What a row is. */
    record Row(Image image, int birth, int parentBirth) {}

    /** A change as the binlog has it, and what it meant. */
    record Change(@Nullable Image before, @Nullable Image after, int birth, int parentBirth) {}

    Map<Place, Row> rows() {
        return rows;
    }

    /** Makes a change out of a number, if that is possible now. */
    Optional<Change> change(int dice) {
        Place id = new Place(dice % TABLES, dice / 4 % 3);
        Row row = rows.get(id);
        Integer unique = dice / 16 % 4 == 0 ? null : dice / 16 % 4;
        Integer parent = dice / 64 % 4 == 0 ? null : dice / 64 % 4 - 1;
        int value = dice / 256 % 2;
        Image image = new Image(id, unique, parent, value);
        if (row == null) {
            return tried(new Change(null, image, ++births, birthOf(image.parentId())));
        }
        return switch (dice / 512 % 4) {
            case 0, 1 -> tried(new Change(row.image, null, row.birth, 0));
            case 2 -> tried(updated(row, image));
            default -> tried(updated(row, new Image(id, row.image.unique, row.image.parent, 1 - row.image.value)));
        };
    }

    /** A child whose parent column stays the same goes on meaning what it meant. */
    private Change updated(Row row, Image after) {
        boolean same = Objects.equals(row.image.parent, after.parent);
        return new Change(row.image, after, row.birth, same ? row.parentBirth : birthOf(after.parentId()));
    }

    private int birthOf(@Nullable Place id) {
        Row row = id == null ? null : rows.get(id);
        return row == null ? 0 : row.birth;
    }

    private Optional<Change> tried(Change change) {
        return apply(change) ? Optional.of(change) : Optional.empty();
    }

    /** Applies it as a server would that compares before-images; false if the server refuses. */
    boolean apply(Change change) {
        Image before = change.before;
        Image after = change.after;
        Row old = before == null ? null : rows.get(before.id);
        if (before != null && (old == null || !old.image.equals(before))) {
            return false;
        }
        if (before == null && after != null && rows.containsKey(after.id)) {
            return false;
        }
        if (after == null) {
            return before != null && !hasChildren(before.id) && remove(before.id);
        }
        boolean unique = rows.values().stream()
                .noneMatch(other -> !other.image.id.equals(after.id)
                        && other.image.id.table == after.id.table
                        && after.unique != null
                        && after.unique.equals(other.image.unique));
        Place parent = after.parentId();
        if (!unique || (parent != null && (!rows.containsKey(parent) || parent.equals(after.id)))) {
            return false;
        }
        int birth = old == null ? change.birth : old.birth;
        rows.put(after.id, new Row(after, birth, change.parentBirth));
        return true;
    }

    private boolean remove(Place id) {
        rows.remove(id);
        return true;
    }

    private boolean hasChildren(Place id) {
        return rows.values().stream().anyMatch(row -> id.equals(row.image.parentId()));
    }

    /** Changes of a transaction, all or nothing. */
    boolean apply(List<Change> changes) {
        Map<Place, Row> old = new TreeMap<>(rows);
        for (Change change : changes) {
            if (!apply(change)) {
                rows.clear();
                rows.putAll(old);
                return false;
            }
        }
        return true;
    }

    /** Children that hang on another parent than the one they were written for. */
    List<Row> adopted() {
        List<Row> all = new ArrayList<>();
        for (Row row : rows.values()) {
            Place parent = row.image.parentId();
            if (parent != null && birthOf(parent) != row.parentBirth) {
                all.add(row);
            }
        }
        return all;
    }
}

package io.regent.replicator.stranded.certify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Tables with their unique and foreign keys. Columns are positions in a row. */
record Graph(List<Table> tables) {

    /** What becomes of children whose parent is deleted. */
    enum OnDelete {
        RESTRICT,
        CASCADE,
        SET_NULL
    }

    /** What a foreign key may be. */
    enum Kind {
        TO_ITSELF,
        IN_A_LOOP,
        OF_TWO_COLUMNS,
        TO_ANOTHER_UNIQUE_KEY,
        IN_THE_PRIMARY_KEY,
        OPTIONAL,
        CASCADING,
        SETTING_NULL
    }

    /**
     * A table to be made.
     *
     * @param primary how many columns its primary key has
     * @param unique how many its other unique key has; none if 0. They may be NULL
     */
    record Shape(int primary, int unique, List<Reference> references) {}

    /**
     * A foreign key to be made.
     *
     * @param parent number of a table, whatever number the last one has
     * @param toUnique whether it refers to the other unique key, if there is one
     * @param identifying whether it begins with columns of the child's primary key
     */
    record Reference(int parent, boolean toUnique, boolean identifying, boolean nullable, OnDelete onDelete) {}

    /** @param nullable positions of columns that may be NULL */
    record Table(
            int columns, Set<Integer> nullable, List<Integer> primary, List<Integer> unique, List<Foreign> foreign) {}

    /** @param columns of the child, in the order of those that they refer to */
    record Foreign(List<Integer> columns, int parent, List<Integer> referred, OnDelete onDelete) {}

    /** Makes them as MySQL would let one. What refers to itself or to a later table may be NULL, else no row comes to be. */
    static Graph of(List<Shape> shapes) {
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            tables.add(table(shapes, i));
        }
        return new Graph(List.copyOf(tables));
    }

    private static Table table(List<Shape> shapes, int number) {
        Shape shape = shapes.get(number);
        Set<Integer> nullable = new HashSet<>(unique(shape));
        List<Foreign> foreign = new ArrayList<>();
        int columns = value(shape) + 1;
        for (Reference reference : shape.references) {
            int parent = reference.parent % shapes.size();
            Shape other = shapes.get(parent);
            List<Integer> referred = reference.toUnique && other.unique > 0 ? unique(other) : primary(other);
            boolean earlier = parent < number;
            List<Integer> local = new ArrayList<>();
            for (int i = 0; i < referred.size(); i++) {
                if (reference.identifying && earlier && i < shape.primary) {
                    local.add(i);
                } else {
                    if (reference.nullable || !earlier) {
                        nullable.add(columns);
                    }
                    local.add(columns++);
                }
            }
            OnDelete rule = reference.onDelete == OnDelete.SET_NULL && !nullable.containsAll(local)
                    ? OnDelete.RESTRICT
                    : reference.onDelete;
            foreign.add(new Foreign(List.copyOf(local), parent, referred, rule));
        }
        return new Table(columns, Set.copyOf(nullable), primary(shape), unique(shape), List.copyOf(foreign));
    }

    private static List<Integer> primary(Shape shape) {
        return IntStream.range(0, shape.primary).boxed().toList();
    }

    private static List<Integer> unique(Shape shape) {
        return IntStream.range(shape.primary, shape.primary + shape.unique)
                .boxed()
                .toList();
    }

    private static int value(Shape shape) {
        return shape.primary + shape.unique;
    }

    /** The column of a table that is in no key. */
    int value(int table) {
        return tables.get(table).primary.size() + tables.get(table).unique.size();
    }

    /** Tables in which a delete of a row of this one may change rows that the binlog does not name. */
    Set<Integer> carriedOn(int from) {
        Set<Integer> found = new HashSet<>();
        List<Integer> next = new ArrayList<>(List.of(from));
        while (!next.isEmpty()) {
            int parent = next.remove(0);
            for (int i = 0; i < tables.size(); i++) {
                boolean carried = tables.get(i).foreign.stream()
                        .anyMatch(key -> key.parent == parent && key.onDelete != OnDelete.RESTRICT);
                if (carried && found.add(i)) {
                    next.add(i);
                }
            }
        }
        return found;
    }

    /** What that foreign key of this table is. */
    Set<Kind> kinds(int child, Foreign key) {
        Table table = tables.get(child);
        Map<Kind, Boolean> all = new EnumMap<>(Kind.class);
        all.put(Kind.TO_ITSELF, key.parent == child);
        all.put(Kind.IN_A_LOOP, key.parent != child && leadsTo(key.parent, child));
        all.put(Kind.OF_TWO_COLUMNS, key.columns.size() > 1);
        all.put(Kind.TO_ANOTHER_UNIQUE_KEY, !key.referred.equals(tables.get(key.parent).primary));
        all.put(Kind.IN_THE_PRIMARY_KEY, table.primary.stream().anyMatch(key.columns::contains));
        all.put(Kind.OPTIONAL, key.columns.stream().anyMatch(table.nullable::contains));
        all.put(Kind.CASCADING, key.onDelete == OnDelete.CASCADE);
        all.put(Kind.SETTING_NULL, key.onDelete == OnDelete.SET_NULL);
        all.values().removeIf(is -> !is);
        return all.keySet();
    }

    private boolean leadsTo(int from, int to) {
        Set<Integer> found = new HashSet<>(Set.of(from));
        for (int i = 0; i < tables.size(); i++) {
            Set<Integer> next = new HashSet<>();
            found.forEach(table -> tables.get(table).foreign.forEach(key -> next.add(key.parent)));
            found.addAll(next);
        }
        return found.contains(to);
    }
}

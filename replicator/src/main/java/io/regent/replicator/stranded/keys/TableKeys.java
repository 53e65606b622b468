package io.regent.replicator.stranded.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * By what the rows of one table are told apart, referred to, and refer.
 *
 * @param unique its unique keys, the primary key among them
 * @param referred its columns to which foreign keys refer
 * @param parents its foreign keys
 * @param problem why its keys can't all be told; none if they can
 */
record TableKeys(List<Columns> unique, List<Columns> referred, List<Parent> parents, Optional<String> problem) {
    static final TableKeys NONE = new TableKeys(List.of(), List.of(), List.of(), Optional.empty());

    /**
     * Columns whose values make a key.
     *
     * @param name for people
     * @param names of the columns
     * @param prefixes how many characters of each count; 0 for all
     */
    record Columns(String name, List<String> names, List<Integer> prefixes) {
        static final Columns NONE = new Columns("", List.of(), List.of());

        Columns with(String label, String column, int prefix) {
            List<String> more = new ArrayList<>(names);
            List<Integer> lengths = new ArrayList<>(prefixes);
            more.add(column);
            lengths.add(prefix);
            return new Columns(label, more, lengths);
        }
    }

    /**
     * A foreign key.
     *
     * @param schema of the parent
     * @param name of the parent
     * @param referred the parent's columns
     * @param names the child's, in the same order
     */
    record Parent(String schema, String name, Columns referred, List<String> names) {
        /** As places name it. */
        String table() {
            return KeyCatalogue.lower(schema + "." + name);
        }
    }

    TableKeys withUnique(Columns more) {
        return new TableKeys(added(unique, more), referred, parents, problem);
    }

    TableKeys withReferred(Columns more) {
        return new TableKeys(unique, added(referred, more), parents, problem);
    }

    TableKeys withParent(Parent more) {
        return new TableKeys(unique, referred, added(parents, more), problem);
    }

    TableKeys withProblem(String why) {
        return new TableKeys(unique, referred, parents, problem.or(() -> Optional.of(why)));
    }

    private static <T> List<T> added(List<T> all, T more) {
        List<T> longer = new ArrayList<>(all);
        longer.add(more);
        return List.copyOf(longer);
    }
}

package io.regent.replicator.rows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One row of a row event.
 *
 * @param table whose row it is
 * @param kind what happened to it
 * @param before its columns in order, none if it was inserted
 * @param after its columns in order, none if it was deleted
 * @param rawBefore the image before as the event holds it, NULL bits and all; empty if there is none
 * @param rawAfter the image after
 * @param tellsCascades whether what foreign keys carried on from it stands in the binlog as changes of its own
 */
public record RowChange(
        TableDescription table,
        Kind kind,
        List<ColumnValue> before,
        List<ColumnValue> after,
        ByteBuffer rawBefore,
        ByteBuffer rawAfter,
        boolean tellsCascades) {

    /** What can happen to a row. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    public RowChange {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** An image's values of the named columns, in the table's order; of an image that is absent, none. */
    public static List<ColumnValue> values(TableDescription table, List<String> names, List<ColumnValue> image) {
        List<ColumnValue> values = new ArrayList<>();
        for (int i = 0; i < image.size(); i++) {
            String column = table.columns().get(i).name();
            if (names.stream().anyMatch(column::equalsIgnoreCase)) {
                values.add(image.get(i));
            }
        }
        return values;
    }

    /** The image that names the row now: after the change, or before it was deleted. */
    public List<ColumnValue> newest() {
        return kind == Kind.DELETE ? before : after;
    }

    /** Key columns and their values for people; every column of a table without a key. */
    public String keyText() {
        return keyText(table, newest());
    }

    /** The same of any image of the table. */
    public static String keyText(TableDescription table, List<ColumnValue> image) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < image.size(); i++) {
            String name = table.columns().get(i).name();
            if (table.primaryKey().isEmpty() || table.primaryKey().contains(name)) {
                parts.add(name + "=" + image.get(i).readable());
            }
        }
        return String.join(", ", parts);
    }

    /**
     * All columns of an image and their values for people, none longer than so many characters.
     *
     * @param longest of one value, and, times ten, of all of it
     */
    public static String imageText(TableDescription table, List<ColumnValue> image, int longest) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < image.size(); i++) {
            parts.add(table.columns().get(i).name() + "=" + bounded(image.get(i).readable(), longest));
        }
        return bounded(String.join(", ", parts), 10 * longest);
    }

    /** Text of at most so many characters and the sign that it goes on. */
    public static String bounded(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "...";
    }
}

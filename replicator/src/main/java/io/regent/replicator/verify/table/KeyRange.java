package io.regent.replicator.verify.table;

import io.regent.replicator.verify.table.TableShape.Bound;
import io.regent.sql.session.Quoting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a table: the rows behind one key, up to and with another, in the order of the key's own collation. Ranges that
 * follow each other have every row once, rows that are in no other region as well.
 *
 * @param after the bytes of the key's bounds behind which it begins; null at the table's beginning
 * @param upTo the last in it; null at the table's end
 */
public record KeyRange(
        @Nullable List<byte[]> after, @Nullable List<byte[]> upTo) {
    /** The table. */
    public static final KeyRange ALL = new KeyRange(null, null);

    /** All that is behind this one. */
    public KeyRange rest() {
        return new KeyRange(upTo, null);
    }

    /** The same with this end. */
    public KeyRange upTo(List<byte[]> last) {
        return new KeyRange(after, last);
    }

    /** Whether it goes to the table's end. */
    public boolean isLast() {
        return upTo == null;
    }

    /** The conditions for a row to be in it; none for the whole table. */
    List<String> conditions(List<Bound> bounds) {
        List<String> all = new ArrayList<>();
        if (after != null) {
            all.add(compare(bounds, after, 0, ">", ">"));
        }
        if (upTo != null) {
            all.add(compare(bounds, upTo, 0, "<", "<="));
        }
        return all;
    }

    /** Not as {@code (a,b) > (1,2)}: MySQL would read the whole index for that. */
    private static String compare(List<Bound> bounds, List<byte[]> values, int from, String beyond, String atLast) {
        String column = bounds.get(from).column().quoted();
        String value = literal(bounds.get(from).column(), values.get(from));
        if (from == bounds.size() - 1) {
            return column + atLast + value;
        }
        return "(" + column + beyond + value + " OR (" + column + "=" + value + " AND "
                + compare(bounds, values, from + 1, beyond, atLast) + "))";
    }

    /** Text in its own charset: the column's collation decides, and its index is used. */
    private static String literal(Column column, byte[] value) {
        return switch (column.kind()) {
            case NUMBER -> new String(value, StandardCharsets.US_ASCII);
            case TIME -> Quoting.string(new String(value, StandardCharsets.US_ASCII));
            default -> (column.charset().isEmpty() ? "" : "_" + column.charset() + " ") + Quoting.hex(value);
        };
    }
}

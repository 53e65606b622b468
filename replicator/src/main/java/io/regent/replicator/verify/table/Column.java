package io.regent.replicator.verify.table;

import io.regent.sql.session.Quoting;
import java.util.Set;

/**
 * A column that holds something.
 *
 * @param name its name
 * @param type the word for its type, in small letters
 * @param charset of the text that it holds; else empty
 */
public record Column(String name, String type, String charset) {
    /** How its values are written down. */
    enum Kind {
        /** Digits, and signs that are no comma and no {@code N}. */
        NUMBER,
        /** The same, between quotes in a statement. */
        TIME,
        /** Bytes that all fit in one row. */
        SHORT,
        /** Bytes of any number. */
        LONG
    }

    private static final Set<String> NUMBERS = Set.of("decimal", "float", "double", "year", "enum", "set");
    private static final Set<String> TIMES = Set.of("date", "datetime", "timestamp", "time");
    private static final Set<String> SHORTS = Set.of("char", "varchar", "binary", "varbinary", "bit");
    // The others compare as something else than they are stored, or print in a form that is not taken back.
    private static final Set<String> BOUNDS =
            Set.of("decimal", "char", "varchar", "binary", "varbinary", "date", "datetime", "timestamp");

    boolean isInteger() {
        return type.endsWith("int");
    }

    /** Whether a value of it, put into a statement as a literal, is compared as the index compares it. */
    boolean bounds() {
        return isInteger() || BOUNDS.contains(type);
    }

    String quoted() {
        return Quoting.identifier(name);
    }

    Kind kind() {
        if (isInteger() || NUMBERS.contains(type)) {
            return Kind.NUMBER;
        }
        return TIMES.contains(type) ? Kind.TIME : SHORTS.contains(type) ? Kind.SHORT : Kind.LONG;
    }
}

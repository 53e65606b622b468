package io.regent.replicator.rows;

import java.util.List;
import java.util.Locale;

/**
 * A column as row events see it.
 *
 * @param name its name
 * @param type binlog type, see {@link ColumnType}
 * @param metadata the type's own size: lengths, precision and scale, fraction digits; as TABLE_MAP holds it
 * @param unsigned for numbers, whether they have no sign
 * @param collation collation id for text, ENUM and SET; 63 (binary) for bytes; 0 where it has no meaning
 * @param labels the values of an ENUM or SET as far as both servers print them alike, else empty
 */
public record ColumnDescription(
        String name, ColumnType type, int metadata, boolean unsigned, int collation, List<String> labels) {
    /** The collation of bytes: what BINARY, VARBINARY and BLOB columns have. */
    public static final int BINARY_COLLATION = 63;

    public ColumnDescription {
        labels = List.copyOf(labels);
    }

    @Override
    public String toString() {
        return "`" + name.toLowerCase(Locale.ROOT) + "` " + type.name().toLowerCase(Locale.ROOT)
                + (metadata == 0 ? "" : "(" + type.sizeText(metadata) + ")")
                + (unsigned ? " unsigned" : "")
                + (collation == 0 ? "" : " collation " + collation)
                + (labels.isEmpty() ? "" : " " + labels);
    }
}

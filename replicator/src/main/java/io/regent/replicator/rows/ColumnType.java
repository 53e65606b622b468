package io.regent.replicator.rows;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Column types of the binlog (MySQL source, {@code enum_field_types}), those that a table of 8.0 or newer can hold. */
public enum ColumnType {
    TINYINT(1, 0, true),
    SMALLINT(2, 0, true),
    INT(3, 0, true),
    FLOAT(4, 1, true),
    DOUBLE(5, 1, true),
    BIGINT(8, 0, true),
    MEDIUMINT(9, 0, true),
    DATE(10, 0, false),
    YEAR(13, 0, true),
    VARCHAR(15, 2, false),
    BIT(16, 2, false),
    TIMESTAMP(17, 1, false),
    DATETIME(18, 1, false),
    TIME(19, 1, false),
    VECTOR(242, 1, false),
    JSON(245, 1, false),
    DECIMAL(246, 2, true),
    ENUM(247, 2, false),
    SET(248, 2, false),
    BLOB(252, 1, false),
    CHAR(254, 2, false),
    GEOMETRY(255, 1, false);

    private static final Map<Integer, ColumnType> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(type -> type.code, Function.identity()));

    private final int code;
    private final int metadataBytes;
    private final boolean numeric;

    ColumnType(int code, int metadataBytes, boolean numeric) {
        this.code = code;
        this.metadataBytes = metadataBytes;
        this.numeric = numeric;
    }

    /**
     * The type of a code in a TABLE_MAP.
     *
     * @throws IllegalArgumentException for a type that no table of 8.0 or newer has
     */
    static ColumnType of(int code) {
        ColumnType type = BY_CODE.get(code);
        if (type == null) {
            throw new IllegalArgumentException("column type " + code);
        }
        return type;
    }

    int metadataBytes() {
        return metadataBytes;
    }

    /** Whether it counts among the columns whose sign a TABLE_MAP tells. */
    boolean isNumeric() {
        return numeric;
    }

    /** Whether it counts among the columns whose charset a TABLE_MAP tells. */
    boolean isText() {
        return this == VARCHAR || this == CHAR || this == BLOB;
    }

    /** Whether it counts among the columns whose labels a TABLE_MAP tells. */
    boolean isLabelled() {
        return this == ENUM || this == SET;
    }

    String sizeText(int metadata) {
        return this == DECIMAL || this == BIT ? (metadata & 0xff) + "," + (metadata >> 8) : String.valueOf(metadata);
    }
}

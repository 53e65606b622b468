package io.regent.replicator.rows;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.PackedInteger;
import io.regent.replicator.transaction.UncarriableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/** Reads a TABLE_MAP event whole (MySQL source, {@code Table_map_event} and its optional metadata fields). */
public final class TableMapReader {
    private static final int SIGNEDNESS = 1;
    private static final int DEFAULT_CHARSET = 2;
    private static final int COLUMN_CHARSET = 3;
    private static final int COLUMN_NAME = 4;
    private static final int SET_LABELS = 5;
    private static final int ENUM_LABELS = 6;
    private static final int SIMPLE_PRIMARY_KEY = 8;
    private static final int PRIMARY_KEY_WITH_PREFIX = 9;
    private static final int LABEL_DEFAULT_CHARSET = 10;
    private static final int LABEL_COLUMN_CHARSET = 11;

    private final ByteBuffer in;
    private final String schema;
    private final String table;
    private final ColumnType[] types;
    private final int[] metadata;
    private final String[] names;
    private final int[] collations;
    private final List<List<byte[]>> labels = new ArrayList<>();
    private BitSet unsigned = new BitSet();
    private List<Integer> key = List.of();
    private boolean named;

    private TableMapReader(ByteBuffer in) {
        this.in = in;
        in.position(8); // table id, flags
        this.schema = zeroTerminated();
        this.table = zeroTerminated();
        int columns = (int) packed(in);
        this.types = new ColumnType[columns];
        this.metadata = new int[columns];
        this.names = new String[columns];
        this.collations = new int[columns];
    }

    /**
     * Reads a table's description.
     *
     * @throws UncarriableException if the source does not write column names ({@code binlog_row_metadata=FULL})
     * @throws MalformedEventException if the event is none
     */
    public static TableDescription read(BinlogEvent tableMap) {
        try {
            TableMapReader reader = new TableMapReader(tableMap.body());
            reader.readTypes();
            while (reader.in.hasRemaining()) {
                reader.readOptional();
            }
            return reader.description();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedEventException("TABLE_MAP can't be read: " + e);
        }
    }

    private void readTypes() {
        int[] codes = new int[types.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = in.get() & 0xff;
            labels.add(List.of());
        }
        packed(in); // length of what follows
        for (int i = 0; i < codes.length; i++) {
            readType(i, codes[i]);
        }
        in.position(in.position() + (types.length + 7) / 8); // which may be NULL: no matter for bytes
    }

    private void readType(int column, int code) {
        ColumnType type = ColumnType.of(code);
        int first = type.metadataBytes() > 0 ? in.get() & 0xff : 0;
        int second = type.metadataBytes() > 1 ? in.get() & 0xff : 0;
        types[column] = type;
        metadata[column] = first | second << 8;
        if (type == ColumnType.CHAR) {
            readString(column, first, second);
        }
    }

    /** CHAR, ENUM and SET share a code; the first byte tells which, and two bits of a long CHAR's length. */
    private void readString(int column, int first, int second) {
        boolean plain = (first & 0x30) == 0x30;
        types[column] = ColumnType.of(plain ? first : first | 0x30);
        metadata[column] = plain ? second : second | ((first & 0x30) ^ 0x30) << 4;
    }

    private void readOptional() {
        int field = in.get() & 0xff;
        int length = (int) packed(in);
        ByteBuffer value = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        switch (field) {
            case SIGNEDNESS -> readSigns(value);
            case DEFAULT_CHARSET -> readDefaultCharset(value, columnsThat(ColumnType::isText));
            case COLUMN_CHARSET -> readCharsets(value, columnsThat(ColumnType::isText));
            case LABEL_DEFAULT_CHARSET -> readDefaultCharset(value, columnsThat(ColumnType::isLabelled));
            case LABEL_COLUMN_CHARSET -> readCharsets(value, columnsThat(ColumnType::isLabelled));
            case COLUMN_NAME -> readNames(value);
            case SET_LABELS -> readLabels(value, columnsThat(type -> type == ColumnType.SET));
            case ENUM_LABELS -> readLabels(value, columnsThat(type -> type == ColumnType.ENUM));
            case SIMPLE_PRIMARY_KEY -> key = readKey(value, false);
            case PRIMARY_KEY_WITH_PREFIX -> key = readKey(value, true);
            default -> {} // visibility, geometry types, vector lengths: no matter for bytes
        }
    }

    private List<Integer> columnsThat(Predicate<ColumnType> are) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            if (are.test(types[i])) {
                found.add(i);
            }
        }
        return found;
    }

    private void readSigns(ByteBuffer value) {
        List<Integer> numbers = columnsThat(ColumnType::isNumeric);
        unsigned = new BitSet();
        for (int i = 0; i < numbers.size(); i++) {
            unsigned.set(numbers.get(i), (value.get(i / 8) & 0x80 >> i % 8) != 0);
        }
    }

    private void readDefaultCharset(ByteBuffer value, List<Integer> columns) {
        int common = (int) packed(value);
        columns.forEach(column -> collations[column] = common);
        while (value.hasRemaining()) {
            int index = (int) packed(value);
            collations[columns.get(index)] = (int) packed(value);
        }
    }

    private void readCharsets(ByteBuffer value, List<Integer> columns) {
        columns.forEach(column -> collations[column] = (int) packed(value));
    }

    private void readNames(ByteBuffer value) {
        for (int i = 0; i < names.length; i++) {
            names[i] = text(value);
        }
        named = true;
    }

    private void readLabels(ByteBuffer value, List<Integer> columns) {
        for (int column : columns) {
            List<byte[]> found = new ArrayList<>();
            for (long left = packed(value); left > 0; left--) {
                found.add(bytes(value));
            }
            labels.set(column, found);
        }
    }

    private static List<Integer> readKey(ByteBuffer value, boolean withPrefix) {
        List<Integer> columns = new ArrayList<>();
        while (value.hasRemaining()) {
            columns.add((int) packed(value));
            if (withPrefix) {
                packed(value);
            }
        }
        return columns;
    }

    private TableDescription description() {
        if (!named) {
            throw new UncarriableException("the source does not write the column names of " + schema + "." + table
                    + ": SET PERSIST binlog_row_metadata=FULL there");
        }
        List<ColumnDescription> columns = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            columns.add(new ColumnDescription(
                    names[i],
                    types[i],
                    metadata[i],
                    unsigned.get(i),
                    collations[i],
                    Labels.comparable(labels.get(i), collations[i])));
        }
        return new TableDescription(
                schema, table, columns, key.stream().map(i -> names[i]).toList());
    }

    private String zeroTerminated() {
        String text = text(in);
        in.get();
        return text;
    }

    private static String text(ByteBuffer from) {
        return new String(bytes(from), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[(int) packed(from)];
        from.get(bytes);
        return bytes;
    }

    private static long packed(ByteBuffer from) {
        return PackedInteger.read(from);
    }
}

package io.regent.replicator.rows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one column's value as row events hold it (MySQL source, {@code Field::pack} of each type). */
final class ValueReader {
    private static final int FIRST_YEAR = 1900;
    private static final int[] DECIMAL_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    private ValueReader() {}

    static ColumnValue read(ColumnDescription column, ByteBuffer in) {
        int metadata = column.metadata();
        ByteBuffer value = take(in, length(column, in));
        return switch (column.type()) {
            case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT -> integer(column, value);
            case FLOAT -> approximate(value, value.getFloat(0));
            case DOUBLE -> approximate(value, value.getDouble(0));
            case DECIMAL -> ColumnValue.of(value, decimal(value.duplicate(), metadata & 0xff, metadata >> 8));
            case BIT -> ColumnValue.of(value, new BigInteger(1, array(value)).toString());
            case YEAR -> year(value);
            case DATE -> ColumnValue.of(value, TemporalReader.date(value));
            case TIME -> ColumnValue.of(value, TemporalReader.time(value.duplicate(), metadata));
            case DATETIME -> ColumnValue.of(value, TemporalReader.dateTime(value.duplicate(), metadata));
            case TIMESTAMP -> ColumnValue.of(value, TemporalReader.timestamp(value.duplicate(), metadata));
            case ENUM -> choice(column, value);
            case SET -> choices(column, value);
            case JSON -> ColumnValue.of(value, JsonReader.text(value));
            case CHAR, VARCHAR, BLOB -> text(column, value);
            case GEOMETRY, VECTOR -> ColumnValue.of(value, latin1(value), ColumnValue.hex(value));
        };
    }

    /** How many bytes follow, once the length before them is read. */
    private static int length(ColumnDescription column, ByteBuffer in) {
        int metadata = column.metadata();
        return switch (column.type()) {
            case TINYINT, YEAR -> 1;
            case SMALLINT -> 2;
            case MEDIUMINT, DATE -> 3;
            case INT, FLOAT -> 4;
            case BIGINT, DOUBLE -> 8;
            case TIME -> 3 + TemporalReader.fractionBytes(metadata);
            case TIMESTAMP -> 4 + TemporalReader.fractionBytes(metadata);
            case DATETIME -> 5 + TemporalReader.fractionBytes(metadata);
            case BIT -> (metadata >> 8) + ((metadata & 0xff) > 0 ? 1 : 0);
            case DECIMAL -> decimalLength(metadata & 0xff, metadata >> 8);
            case ENUM, SET -> metadata;
            case CHAR, VARCHAR -> (int) little(take(in, metadata > 255 ? 2 : 1));
            case BLOB, JSON, GEOMETRY, VECTOR -> (int) little(take(in, metadata));
        };
    }

    private static ByteBuffer take(ByteBuffer in, int length) {
        ByteBuffer taken = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return taken;
    }

    /** All its bytes as one number, the first the lowest. */
    static long unsignedLittle(ByteBuffer value) {
        return little(value);
    }

    private static long little(ByteBuffer value) {
        long all = 0;
        for (int i = value.limit() - 1; i >= 0; i--) {
            all = (all << 8) | (value.get(i) & 0xff);
        }
        return all;
    }

    private static ColumnValue integer(ColumnDescription column, ByteBuffer value) {
        long bits = little(value);
        int unused = 64 - 8 * value.limit();
        return ColumnValue.of(
                value, column.unsigned() ? Long.toUnsignedString(bits) : Long.toString((bits << unused) >> unused));
    }

    private static ColumnValue approximate(ByteBuffer value, double number) {
        return ColumnValue.of(value, Double.toString(number));
    }

    private static ColumnValue year(ByteBuffer value) {
        long year = little(value) == 0 ? 0 : FIRST_YEAR + little(value);
        return ColumnValue.of(value, Long.toString(year), String.format(Locale.ROOT, "%04d", year));
    }

    private static ColumnValue choice(ColumnDescription column, ByteBuffer value) {
        int number = (int) little(value);
        return ColumnValue.of(value, Integer.toString(number), label(column, number));
    }

    private static ColumnValue choices(ColumnDescription column, ByteBuffer value) {
        long bits = little(value);
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
            if (((bits >>> i) & 1) != 0) {
                chosen.add(label(column, i + 1));
            }
        }
        return ColumnValue.of(value, Long.toUnsignedString(bits), String.join(",", chosen));
    }

    /** The label of a number from 1; the number itself where the description does not tell it (see {@link Labels}). */
    private static String label(ColumnDescription column, int number) {
        if (number == 0) {
            return "";
        }
        Optional<String> label =
                number <= column.labels().size() ? Optional.of(column.labels().get(number - 1)) : Optional.empty();
        return label.filter(text -> !text.equals("?")).orElse("#" + number);
    }

    private static ColumnValue text(ColumnDescription column, ByteBuffer value) {
        boolean padded = column.type() == ColumnType.CHAR && column.collation() == ColumnDescription.BINARY_COLLATION;
        ByteBuffer whole = padded ? ByteBuffer.wrap(Arrays.copyOf(array(value), column.metadata())) : value;
        Optional<Charset> charset = Charsets.of(column.collation());
        return ColumnValue.of(
                value,
                latin1(whole),
                charset.map(known -> known.decode(whole.duplicate()).toString()).orElse(ColumnValue.hex(whole)));
    }

    private static String latin1(ByteBuffer value) {
        return StandardCharsets.ISO_8859_1.decode(value.duplicate()).toString();
    }

    private static byte[] array(ByteBuffer value) {
        byte[] all = new byte[value.remaining()];
        value.duplicate().get(all);
        return all;
    }

    private static int decimalLength(int precision, int scale) {
        int whole = precision - scale;
        return whole / 9 * 4 + DECIMAL_BYTES[whole % 9] + scale / 9 * 4 + DECIMAL_BYTES[scale % 9];
    }

    /** MySQL's packed decimal: groups of nine digits in four bytes, the odd ones outside, all inverted if negative. */
    static String decimal(ByteBuffer value, int precision, int scale) {
        byte[] bytes = array(value);
        boolean negative = (bytes[0] & 0x80) == 0;
        bytes[0] ^= (byte) 0x80;
        if (negative) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) ~bytes[i];
            }
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int whole = precision - scale;
        StringBuilder digits = new StringBuilder(negative ? "-0" : "0");
        digits(in, whole % 9, digits);
        for (int groups = whole / 9 + scale / 9; groups > 0; groups--) {
            digits(in, 9, digits);
        }
        digits(in, scale % 9, digits);
        return new BigDecimal(new BigInteger(digits.toString()), scale).toPlainString();
    }

    private static void digits(ByteBuffer in, int count, StringBuilder out) {
        if (count == 0) {
            return;
        }
        int number = 0;
        for (int i = 0; i < DECIMAL_BYTES[count == 9 ? 7 : count]; i++) {
            number = (number << 8) | (in.get() & 0xff);
        }
        out.append(String.format(Locale.ROOT, "%0" + count + "d", number));
    }
}

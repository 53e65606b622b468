package io.regent.replicator.verify.table;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Rows for human eyes. */
public final class RowText {
    private static final int LONGEST = 200;
    private static final int SHOWN_DIGEST = 4;
    private static final int TAIL = ScanSql.DIGEST_BYTES + ScanSql.LENGTH_DIGITS;

    private RowText() {}

    /** The values of its key joined by commas; without a key, the beginning of the row. */
    public static String key(TableShape shape, RowImage row) {
        List<Column> columns = shape.columns();
        String text = shape.identity().stream()
                .map(column -> identity(shape, row.column(columns.indexOf(column))))
                .collect(Collectors.joining(","));
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    @SuppressWarnings("ReferenceEquality") // NULL is an identity
    private static String identity(TableShape shape, byte[] value) {
        if (value == RowImage.NULL) {
            return "NULL";
        }
        return !shape.hasKey() && value.length > ScanSql.LONGEST_WHOLE ? beginning(value) + "..." : text(value);
    }

    /**
     * A value: text in quotes, bytes that are no UTF-8 text as {@code 0x...}; a long one by its beginning, length and the first
     * bytes of its SHA-256.
     */
    @SuppressWarnings("ReferenceEquality") // NULL is an identity
    public static String value(TableShape shape, RowImage row, int index) {
        Column column = shape.columns().get(index);
        byte[] value = row.column(index);
        if (value == RowImage.NULL) {
            return "NULL";
        }
        if (value.length <= ScanSql.LONGEST_WHOLE || shape.key().contains(column.name())) {
            return quoted(column, text(value));
        }
        int digest = value.length - TAIL;
        String length =
                new String(value, digest + ScanSql.DIGEST_BYTES, ScanSql.LENGTH_DIGITS, StandardCharsets.US_ASCII);
        return "%s... (%d bytes, sha-256 %s...)"
                .formatted(
                        quoted(column, beginning(value)),
                        Long.parseLong(length),
                        HexFormat.of().formatHex(value, digest, digest + SHOWN_DIGEST));
    }

    private static String quoted(Column column, String text) {
        boolean bare = column.kind() == Column.Kind.NUMBER
                || text.startsWith("0x")
                || column.type().equals("json");
        return bare ? text : "'" + text + "'";
    }

    /** Of a long value, which may end within a character. */
    private static String beginning(byte[] value) {
        return text(Arrays.copyOf(value, value.length - TAIL));
    }

    private static String text(byte[] value) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(value))
                    .toString();
            return text.chars().anyMatch(Character::isISOControl) ? hex(value) : text;
        } catch (CharacterCodingException e) {
            return hex(value);
        }
    }

    private static String hex(byte[] value) {
        return "0x" + HexFormat.of().formatHex(value, 0, Math.min(value.length, LONGEST));
    }
}

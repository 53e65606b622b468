package io.regent.replicator.verify;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** A row's key for human eyes. */
final class KeyText {
    private static final int LONGEST = 200;

    private KeyText() {}

    static String of(TableShape shape, RowImage row) {
        List<TableShape.Column> columns = shape.columns();
        String text = shape.identity().stream()
                .map(column -> text(row.column(columns.indexOf(column))))
                .collect(Collectors.joining(","));
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    @SuppressWarnings("ReferenceEquality") // NULL is an identity
    private static String text(byte[] value) {
        if (value == RowImage.NULL) {
            return "NULL";
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
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

package io.regent.replicator.verify.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTextTest {
    private static final TableShape SHAPE = new TableShape(
            List.of(
                    new Column("id", "int", ""),
                    new Column("v", "varchar", "utf8mb4"),
                    new Column("d", "double", ""),
                    new Column("b", "blob", ""),
                    new Column("n", "varchar", "utf8mb4")),
            List.of("id"),
            List.of());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void valuesAreShownSoThatTheyCanBeToldApart() {
        RowImage row =
                RowImage.of(List.of(bytes("7"), bytes("a "), bytes("-0"), new byte[] {0, (byte) 0xff}, RowImage.NULL));
        assertThat(List.of(0, 1, 2, 3, 4).stream().map(i -> RowText.value(SHAPE, row, i)))
                .containsExactly("7", "'a '", "-0", "0x00ff", "NULL");
        assertThat(RowText.key(SHAPE, row)).isEqualTo("7");
    }

    @Test
    void aLongValueIsShownByItsBeginningLengthAndDigest() {
        byte[] value = new byte[24 + 32 + 12];
        System.arraycopy(bytes("abcdefghijklmnopqrstuvwx"), 0, value, 0, 24);
        value[24] = (byte) 0xa1;
        System.arraycopy(bytes("000003000000"), 0, value, 56, 12);
        RowImage row = RowImage.of(List.of(bytes("7"), value, bytes("0"), value, value));
        assertThat(RowText.value(SHAPE, row, 1))
                .isEqualTo("'abcdefghijklmnopqrstuvwx'... (3000000 bytes, sha-256 a1000000...)");
    }
}

package io.regent.replicator.rows;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What one column of a row image holds.
 *
 * <p>Two values of the same column are equal if and only if their exact forms are; the readable form is for people.
 */
public final class ColumnValue {
    /** SQL's NULL. */
    public static final ColumnValue NULL = new ColumnValue(ByteBuffer.allocate(0), "", "NULL");

    private final ByteBuffer bytes;
    private final String exact;
    private final String readable;

    private ColumnValue(ByteBuffer bytes, String exact, String readable) {
        this.bytes = bytes.asReadOnlyBuffer();
        this.exact = exact;
        this.readable = readable;
    }

    static ColumnValue of(ByteBuffer bytes, String exact, String readable) {
        return new ColumnValue(bytes, exact, readable);
    }

    static ColumnValue of(ByteBuffer bytes, String exact) {
        return new ColumnValue(bytes, exact, exact);
    }

    /** A value known by its exact form alone, to compare with. */
    public static ColumnValue exactly(String exact) {
        return new ColumnValue(ByteBuffer.allocate(0), exact, exact);
    }

    /** Whether it is NULL. */
    @SuppressWarnings("ReferenceEquality") // NULL is an identity, to tell it from the empty string
    public boolean isNull() {
        return this == NULL;
    }

    /** As the binlog holds it, without the length before it; read-only. Nothing for NULL. */
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /**
     * A form without loss: numbers in decimals (ENUM and SET as their number, FLOAT as the DOUBLE that equals it), times
     * as MySQL prints them (TIMESTAMP in UTC), JSON as its text, and of bytes and text, whatever its charset, one
     * character 0 to 255 for each byte.
     */
    public String exact() {
        return exact;
    }

    /** For people: text in its charset, labels, bytes in hex. Different values may read alike. */
    public String readable() {
        return readable;
    }

    static String hex(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        return "0x" + HexFormat.of().formatHex(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ColumnValue that && isNull() == that.isNull() && exact.equals(that.exact);
    }

    @Override
    public int hashCode() {
        return exact.hashCode();
    }

    @Override
    public String toString() {
        return readable;
    }
}

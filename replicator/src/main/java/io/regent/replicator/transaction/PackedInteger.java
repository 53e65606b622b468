package io.regent.replicator.transaction;

import java.nio.ByteBuffer;

/** MySQL's length-encoded integer: one byte up to 250, else a marker and 2, 3 or 8 bytes. */
public final class PackedInteger {
    private PackedInteger() {}

    /** Reads one from a little-endian buffer. */
    public static long read(ByteBuffer in) {
        int first = in.get() & 0xff;
        return switch (first) {
            case 252 -> in.getShort() & 0xffffL;
            case 253 -> (in.getShort() & 0xffffL) | (in.get() & 0xffL) << 16;
            case 254 -> in.getLong();
            default -> first;
        };
    }
}

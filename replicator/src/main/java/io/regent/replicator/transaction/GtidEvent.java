package io.regent.replicator.transaction;

import io.regent.sql.gtid.Gtid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The header of a transaction in the binlog.
 *
 * @param gtid its identity
 * @param lastCommitted sequence number of the youngest transaction of the same file that it depends on
 * @param sequenceNumber its own number on the file's logical clock, from 1
 * @param transactionLength bytes of the whole transaction in its binlog, this event included
 * @param originalCommitMicros when its origin committed it, in microseconds since 1970
 * @param originalServerVersion version of its origin as a number, e.g. 80033
 */
public record GtidEvent(
        Gtid gtid,
        long lastCommitted,
        long sequenceNumber,
        long transactionLength,
        long originalCommitMicros,
        int originalServerVersion) {
    private static final int LOGICAL_CLOCK = 2;
    private static final int UNDEFINED_VERSION = 999_999;

    /** Reads a GTID event (MySQL source, {@code Gtid_event}: flags, uuid, number, clock, timestamps, length, version). */
    public static GtidEvent parse(BinlogEvent event) {
        ByteBuffer body = event.body();
        body.get(); // flags: whether the transaction may hold statements
        body.order(ByteOrder.BIG_ENDIAN);
        UUID uuid = new UUID(body.getLong(), body.getLong());
        body.order(ByteOrder.LITTLE_ENDIAN);
        Gtid gtid = Gtid.of(uuid, body.getLong());
        if (body.get() != LOGICAL_CLOCK) {
            throw new MalformedEventException("GTID event of " + gtid + " carries no logical clock");
        }
        long lastCommitted = body.getLong();
        long sequenceNumber = body.getLong();
        long committed = originalOf(body);
        long length = PackedInteger.read(body);
        return new GtidEvent(gtid, lastCommitted, sequenceNumber, length, committed, version(body));
    }

    /** Immediate commit timestamp, 7 bytes; its highest bit says that the original one follows, else both are one. */
    private static long originalOf(ByteBuffer body) {
        long immediate = sevenBytes(body);
        long followed = 1L << 55;
        return (immediate & followed) != 0 ? sevenBytes(body) : immediate;
    }

    private static long sevenBytes(ByteBuffer body) {
        return (body.getInt() & 0xffffffffL) | (body.getShort() & 0xffffL) << 32 | (body.get() & 0xffL) << 48;
    }

    /** Immediate server version; its highest bit says that the original one follows. */
    private static int version(ByteBuffer body) {
        if (body.remaining() < 4) {
            return UNDEFINED_VERSION;
        }
        int immediate = body.getInt();
        return immediate < 0 ? body.getInt() : immediate;
    }
}

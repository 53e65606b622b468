package io.regent.replicator.lab;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32;

/** Binlog events made by hand. */
public final class Events {
    public static final UUID ORIGIN = UUID.fromString("11111111-2222-3333-4444-555555555555");

    private Events() {}

    public static BinlogEvent event(int type, byte[] body) {
        byte[] bytes = new byte[BinlogEvent.HEADER + body.length + BinlogEvent.CHECKSUM];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(1_700_000_000)
                .put((byte) type)
                .putInt(1)
                .putInt(bytes.length)
                .putInt(0)
                .putShort((short) 0);
        out.put(body);
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, bytes.length - BinlogEvent.CHECKSUM);
        out.putInt((int) crc.getValue());
        return BinlogEvent.checked(bytes);
    }

    public static BinlogEvent formatDescription() {
        byte[] body = new byte[2 + 50 + 4 + 1 + 40 + 1];
        body[0] = 4;
        byte[] version = "8.0.33".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(version, 0, body, 2, version.length);
        body[body.length - 1] = 1;
        return event(EventType.FORMAT_DESCRIPTION, body);
    }

    public static BinlogEvent gtid(UUID origin, long number, long lastCommitted, long sequenceNumber) {
        ByteBuffer body = ByteBuffer.allocate(1 + 16 + 8 + 1 + 16 + 7 + 1 + 4).order(ByteOrder.LITTLE_ENDIAN);
        body.put((byte) 0);
        body.order(ByteOrder.BIG_ENDIAN);
        body.putLong(origin.getMostSignificantBits()).putLong(origin.getLeastSignificantBits());
        body.order(ByteOrder.LITTLE_ENDIAN);
        body.putLong(number).put((byte) 2).putLong(lastCommitted).putLong(sequenceNumber);
        body.putInt(1000).putShort((short) 0).put((byte) 0).put((byte) 100).putInt(80033);
        return event(EventType.GTID, body.array());
    }

    public static BinlogEvent gtid(long number) {
        return gtid(ORIGIN, number, number - 1, number);
    }

    public static BinlogEvent query(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer body = ByteBuffer.allocate(8 + 1 + 2 + 2 + 1 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        body.putLong(0)
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .put((byte) 0)
                .put(text);
        return event(EventType.QUERY, body.array());
    }

    public static BinlogEvent xid() {
        return event(EventType.XID, new byte[8]);
    }

    public static BinlogEvent tableMap(long id) {
        ByteBuffer body = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt((int) id).putShort((short) 0).putShort((short) 1);
        return event(EventType.TABLE_MAP, body.array());
    }

    /** A TABLE_MAP event of a table in this schema. */
    public static BinlogEvent tableMap(long id, String schema) {
        byte[] name = schema.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(40 + name.length).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt((int) id).putShort((short) 0).putShort((short) 1);
        body.put((byte) name.length).put(name);
        return event(EventType.TABLE_MAP, body.array());
    }

    /** A row event of so many bytes of rows. */
    public static BinlogEvent rows(long table, int flags, int size) {
        ByteBuffer body = ByteBuffer.allocate(10 + size).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt((int) table).putShort((short) 0).putShort((short) flags).putShort((short) 2);
        return event(EventType.WRITE_ROWS, body.array());
    }
}

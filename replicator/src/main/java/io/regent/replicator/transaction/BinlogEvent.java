package io.regent.replicator.transaction;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * One binlog event as the source wrote it: 19 bytes of header, the body, 4 bytes of CRC32.
 *
 * <p>The bytes are never changed in place; what must differ at the target (a flag, a checksum) is a copy. Layout: MySQL
 * source, {@code libs/mysql/binlog/event/binlog_event.h}, binlog version 4.
 */
public final class BinlogEvent {
    /** Bytes of every event's header. */
    public static final int HEADER = 19;
    /** Bytes of the checksum behind every event. */
    public static final int CHECKSUM = 4;

    private static final int TYPE_AT = 4;
    private static final int LENGTH_AT = 9;
    private static final int END_AT = 13;
    private static final int FLAGS_AT = 17;
    private static final int IGNORABLE = 0x80;
    private static final int SUPPRESS_USE = 0x8;

    private final byte[] bytes;

    private BinlogEvent(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes an event whose last four bytes are its checksum.
     *
     * @param bytes the whole event; not copied, and not to be changed afterwards
     * @throws MalformedEventException if the length in the header is not the array's, or the checksum is wrong
     */
    public static BinlogEvent checked(byte[] bytes) {
        BinlogEvent event = new BinlogEvent(bytes);
        event.requireLength();
        int stored = buffer(bytes).getInt(bytes.length - CHECKSUM);
        if (stored != crc(bytes)) {
            throw new MalformedEventException("checksum of a " + event.typeName() + " event of " + bytes.length
                    + " bytes does not match: damaged in the source's binlog or on the way");
        }
        return event;
    }

    /**
     * Takes the next event out of some that lie one behind the other, each with its checksum.
     *
     * @param in little-endian; its position moves behind the event
     * @throws MalformedEventException if there is no whole event, or its checksum is wrong
     */
    static BinlogEvent next(ByteBuffer in) {
        int length = in.remaining() < HEADER ? -1 : in.getInt(in.position() + LENGTH_AT);
        if (length < HEADER || length > in.remaining()) {
            throw new MalformedEventException("an event is cut off at " + in.position());
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return checked(bytes);
    }

    /** Takes an event without checksum (as compressed transactions hold them) and gives it one. */
    static BinlogEvent withChecksumAdded(byte[] bare) {
        byte[] bytes = Arrays.copyOf(bare, bare.length + CHECKSUM);
        buffer(bytes).putInt(LENGTH_AT, bytes.length);
        return sealed(bytes);
    }

    private static BinlogEvent sealed(byte[] bytes) {
        buffer(bytes).putInt(bytes.length - CHECKSUM, crc(bytes));
        BinlogEvent event = new BinlogEvent(bytes);
        event.requireLength();
        return event;
    }

    private void requireLength() {
        if (bytes.length < HEADER + CHECKSUM || buffer(bytes).getInt(LENGTH_AT) != bytes.length) {
            throw new MalformedEventException("event of " + bytes.length + " bytes says it has "
                    + (bytes.length < HEADER ? "no whole header" : buffer(bytes).getInt(LENGTH_AT) + " bytes"));
        }
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, bytes.length - CHECKSUM);
        return (int) crc.getValue();
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Type code; names in {@link EventType}. */
    public int type() {
        return bytes[TYPE_AT] & 0xff;
    }

    /** Type as MySQL names it, for messages. */
    public String typeName() {
        return EventType.nameOf(type());
    }

    /** When the statement began at its origin, in seconds since 1970. */
    public long timestampSeconds() {
        return buffer(bytes).getInt(0) & 0xffffffffL;
    }

    /** Where the event ends in its binlog file; 0 if it stands in none. */
    public long endPosition() {
        return buffer(bytes).getInt(END_AT) & 0xffffffffL;
    }

    /** Bytes of the whole event. */
    public int size() {
        return bytes.length;
    }

    /** Whether a reader that does not know the type may pass over it. */
    public boolean isIgnorable() {
        return (buffer(bytes).getShort(FLAGS_AT) & IGNORABLE) != 0;
    }

    /** Whether the statement in it does not depend on a default database (creating or dropping one, say). */
    boolean suppressesUse() {
        return (buffer(bytes).getShort(FLAGS_AT) & SUPPRESS_USE) != 0;
    }

    /** The body, without header and checksum: a little-endian view, positioned at 0. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER - CHECKSUM)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The body from there on, without a copy. */
    InputStream bodyFrom(int offset) {
        int from = HEADER + offset;
        return new ByteArrayInputStream(bytes, from, bytes.length - CHECKSUM - from);
    }

    /** Copies the whole event into an array. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    /** The whole event, copied. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** An event with this one's header but for its type, another body, and the checksum made anew. */
    public BinlogEvent withTypeAndBody(int type, ByteBuffer body) {
        byte[] made = Arrays.copyOf(bytes, HEADER + body.remaining() + CHECKSUM);
        body.duplicate().get(made, HEADER, body.remaining());
        made[TYPE_AT] = (byte) type;
        buffer(made).putInt(LENGTH_AT, made.length);
        return sealed(made);
    }

    /** A copy with all header flags cleared and the checksum made anew. */
    public BinlogEvent withoutHeaderFlags() {
        byte[] copy = bytes.clone();
        buffer(copy).putShort(FLAGS_AT, (short) 0);
        return sealed(copy);
    }

    /** A copy with the two bytes at {@code bodyOffset} of the body replaced and the checksum made anew. */
    BinlogEvent withBodyShort(int bodyOffset, int value) {
        byte[] copy = bytes.clone();
        buffer(copy).putShort(HEADER + bodyOffset, (short) value);
        return sealed(copy);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BinlogEvent that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return typeName() + "(" + bytes.length + " bytes)";
    }
}

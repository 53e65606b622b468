package io.regent.replicator.transaction;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/** A TRANSACTION_PAYLOAD event unpacked into the events it holds (MySQL source, {@code Transaction_payload_event}). */
final class CompressedPayload {
    private static final int END = 0;
    private static final int SIZE = 1;
    private static final int COMPRESSION = 2;
    private static final int UNCOMPRESSED_SIZE = 3;
    private static final int ZSTD = 0;
    private static final int NONE = 255;

    private CompressedPayload() {}

    /**
     * Hands on each event, as soon as it is unpacked: many times what was sent may come out.
     *
     * @throws MalformedEventException if it can't be unpacked; what was handed on by then is not all
     */
    static void unpack(BinlogEvent event, Consumer<BinlogEvent> to) {
        ByteBuffer body = event.body();
        long compression = ZSTD;
        long size = -1;
        for (int field = (int) PackedInteger.read(body); field != END; field = (int) PackedInteger.read(body)) {
            int length = (int) PackedInteger.read(body);
            int next = body.position() + length;
            if (field == COMPRESSION) {
                compression = PackedInteger.read(body);
            } else if (field == UNCOMPRESSED_SIZE) {
                size = PackedInteger.read(body);
            } else if (field != SIZE) {
                throw new UncarriableException("compressed transaction with a field " + field
                        + " that this version of Regent does not know: upgrade Regent");
            }
            body.position(next);
        }
        try (InputStream in = plain(event, body, compression)) {
            long plain = split(in, to);
            if (size >= 0 && plain != size) {
                throw new MalformedEventException("compressed transaction of " + size + " bytes unpacks to " + plain);
            }
        } catch (IOException e) {
            throw new MalformedEventException("compressed transaction can't be unpacked: " + e.getMessage());
        }
    }

    private static InputStream plain(BinlogEvent event, ByteBuffer body, long compression) throws IOException {
        InputStream sent = event.bodyFrom(body.position());
        if (compression == NONE) {
            return sent;
        }
        if (compression != ZSTD) {
            throw new UncarriableException("transaction compressed by algorithm " + compression + ", not by zstd");
        }
        return new ZstdInputStream(sent);
    }

    private static long split(InputStream in, Consumer<BinlogEvent> to) throws IOException {
        long at = 0;
        for (byte[] header = in.readNBytes(BinlogEvent.HEADER);
                header.length > 0;
                header = in.readNBytes(BinlogEvent.HEADER)) {
            int length = header.length < BinlogEvent.HEADER
                    ? -1
                    : ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(9);
            if (length < BinlogEvent.HEADER) {
                throw new MalformedEventException("compressed transaction holds an event cut off at " + at);
            }
            byte[] bare = Arrays.copyOf(header, length);
            if (in.readNBytes(bare, header.length, length - header.length) != length - header.length) {
                throw new MalformedEventException("compressed transaction holds an event cut off at " + at);
            }
            at += length;
            to.accept(BinlogEvent.withChecksumAdded(bare));
        }
        return at;
    }
}

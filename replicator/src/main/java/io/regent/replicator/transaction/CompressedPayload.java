package io.regent.replicator.transaction;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A TRANSACTION_PAYLOAD event unpacked into the events it holds (MySQL source, {@code Transaction_payload_event}). */
final class CompressedPayload {
    private static final int END = 0;
    private static final int SIZE = 1;
    private static final int COMPRESSION = 2;
    private static final int UNCOMPRESSED_SIZE = 3;
    private static final int ZSTD = 0;
    private static final int NONE = 255;

    private CompressedPayload() {}

    static List<BinlogEvent> unpack(BinlogEvent event) {
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
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return split(compression == NONE ? bytes : decompress(bytes, compression, size));
    }

    private static byte[] decompress(byte[] bytes, long compression, long size) {
        if (compression != ZSTD) {
            throw new UncarriableException("transaction compressed by algorithm " + compression + ", not by zstd");
        }
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(bytes))) {
            byte[] plain = in.readAllBytes();
            if (size >= 0 && plain.length != size) {
                throw new MalformedEventException(
                        "compressed transaction of " + size + " bytes unpacks to " + plain.length);
            }
            return plain;
        } catch (IOException e) {
            throw new MalformedEventException("compressed transaction can't be unpacked: " + e.getMessage());
        }
    }

    private static List<BinlogEvent> split(byte[] plain) {
        List<BinlogEvent> events = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int length = in.remaining() < BinlogEvent.HEADER ? -1 : in.getInt(in.position() + 9);
            if (length < BinlogEvent.HEADER || length > in.remaining()) {
                throw new MalformedEventException("compressed transaction holds an event cut off at " + in.position());
            }
            byte[] bare = new byte[length];
            in.get(bare);
            events.add(BinlogEvent.withChecksumAdded(bare));
        }
        return events;
    }
}

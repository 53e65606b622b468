package io.regent.replicator.capture;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.regent.replicator.transaction.BinlogEvent;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Takes each event off the wire as bytes, checks its checksum (the client itself never does) and passes it on.
 *
 * <p>To the client every event looks like one of unknown type, so that it keeps no books of its own. It would pass over
 * an event that fails here and go on with the next; therefore a failure is kept and the stream is ended by whoever owns
 * the buffer.
 */
final class RawDeserializer extends EventDeserializer {
    private static final Event NOTHING_TO_KEEP = unknown();

    private static final int CHUNK = 1 << 16;

    private final EventBuffer buffer;

    RawDeserializer(EventBuffer buffer) {
        this.buffer = buffer;
    }

    private static Event unknown() {
        EventHeaderV4 header = new EventHeaderV4();
        header.setEventType(EventType.UNKNOWN);
        return new Event(header, null);
    }

    @Override
    public Event nextEvent(ByteArrayInputStream in) throws IOException {
        if (in.peek() == -1) {
            throw new EOFException("the source closed the stream");
        }
        try {
            byte[] header = in.read(BinlogEvent.HEADER);
            int size = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(9);
            if (size < BinlogEvent.HEADER) {
                throw new IOException("an event says that it has " + size + " bytes");
            }
            byte[] bytes = java.util.Arrays.copyOf(header, size);
            for (int at = BinlogEvent.HEADER; at < size; at += CHUNK) {
                in.fill(bytes, at, Math.min(CHUNK, size - at));
                buffer.touch(); // a large event on a slow way is not silence
            }
            buffer.put(BinlogEvent.checked(bytes));
            return NOTHING_TO_KEEP;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EOFException("capture closed");
        } catch (IOException | RuntimeException e) {
            buffer.fail(e);
            throw new EOFException("stream ended: " + e.getMessage());
        }
    }
}

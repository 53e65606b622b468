package io.regent.replicator.capture;

import io.regent.replicator.transaction.BinlogEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of events that somebody reads from the binlog files of a server that is dead. When they are all handed on it
 * stays open until they are done, and a while longer: it ends only what has begun nothing.
 *
 * <p>It is read into a buffer, so that whoever hands it out is not kept waiting by a transaction that takes long.
 */
public final class FileCapture implements EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(FileCapture.class);
    private static final int LENGTH_AT = 9;
    private static final int LARGEST = 1 << 30;
    private static final int CHUNK = 1 << 20;
    private static final long POLL_MILLIS = 100;
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final String name;
    private final InputStream events;
    private final EventSink sink;
    private final EventBuffer buffer;
    private final Thread reader;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean ended;

    /** All that there was has been read. */
    private static final class Complete extends EOFException {
        Complete() {
            super("all that the dead server's binlog files held has come");
        }
    }

    private FileCapture(String name, InputStream events, long bufferBytes, EventSink sink) {
        this.name = name;
        this.events = events;
        this.sink = sink;
        this.buffer = new EventBuffer(bufferBytes);
        this.reader = new Thread(this::read, "salvage-read-" + name);
        this.thread = new Thread(this::run, "salvage-" + name);
        this.reader.setDaemon(true);
        this.thread.setDaemon(true);
    }

    /**
     * Begins to read.
     *
     * @param name of the link, for logs
     * @param events as they stand in a binlog, without its magic; closed in the end
     * @param bufferBytes how much may wait in memory before reading stops
     */
    public static FileCapture start(String name, InputStream events, long bufferBytes, EventSink sink) {
        FileCapture capture = new FileCapture(name, events, bufferBytes, sink);
        capture.reader.start();
        capture.thread.start();
        return capture;
    }

    private void read() {
        try {
            for (byte[] bytes = next(); bytes.length > 0; bytes = next()) {
                buffer.put(BinlogEvent.checked(bytes));
            }
            buffer.fail(new Complete());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            buffer.fail(e);
        } catch (Throwable e) { // an Error too: a sink that is never told waits for ever
            buffer.fail(e);
        }
    }

    private void run() {
        Throwable end;
        try {
            end = handOn();
            if (end instanceof Complete) {
                sink.awaitHandled();
                closed.await(AFTERWARDS.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            end = e;
        } catch (Throwable e) { // as above
            end = e;
        }
        ended = true;
        sink.ended(new CaptureException(String.valueOf(end.getMessage()), true, end));
    }

    /** Until nothing more comes; why. */
    private Throwable handOn() throws InterruptedException {
        long count = 0;
        @Nullable Throwable end = null;
        while (end == null) {
            List<BinlogEvent> batch = buffer.take(POLL_MILLIS);
            if (batch.isEmpty()) {
                end = closed.getCount() == 0 ? new InterruptedException("closed") : buffer.failure();
            } else {
                sink.accept(batch);
                count += batch.size();
            }
        }
        if (count > 0) {
            LOG.info("link={} has read {} events of the dead server's binlog files", name, count);
        }
        return end;
    }

    /** A whole event, or nothing at the end of the stream. */
    private byte[] next() throws IOException {
        byte[] header = events.readNBytes(BinlogEvent.HEADER);
        if (header.length == 0) {
            return header;
        }
        if (header.length < BinlogEvent.HEADER) {
            throw new EOFException("the stream ends inside an event");
        }
        int size = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(LENGTH_AT);
        if (size < BinlogEvent.HEADER || size > LARGEST) {
            throw new IOException("an event says that it has " + size + " bytes");
        }
        byte[] bytes = header;
        for (int at = BinlogEvent.HEADER; at < size; at = bytes.length) {
            int part = Math.min(CHUNK, size - at); // no more memory on a length's word than has come
            bytes = Arrays.copyOf(bytes, at + part);
            if (events.readNBytes(bytes, at, part) < part) {
                throw new EOFException("the stream ends inside an event");
            }
        }
        return bytes;
    }

    @Override
    public boolean isCutOff() {
        return ended;
    }

    @Override
    public void close() {
        closed.countDown();
        buffer.close();
        thread.interrupt();
        reader.interrupt();
        try {
            events.close();
        } catch (IOException e) {
            LOG.debug("link={} closing: {}", name, e.getMessage());
        }
    }
}

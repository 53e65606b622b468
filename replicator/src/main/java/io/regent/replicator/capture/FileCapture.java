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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of events that somebody reads from the binlog files of a server that is dead. When they are all handed on it
 * stays open for a while, so that what was begun of them is finished before it ends.
 */
public final class FileCapture implements EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(FileCapture.class);
    private static final int LENGTH_AT = 9;
    private static final int LARGEST = 1 << 30;
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final String name;
    private final InputStream events;
    private final EventSink sink;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean ended;

    private FileCapture(String name, InputStream events, EventSink sink) {
        this.name = name;
        this.events = events;
        this.sink = sink;
        this.thread = new Thread(this::run, "salvage-" + name);
        this.thread.setDaemon(true);
    }

    /**
     * Begins to read.
     *
     * @param name of the link, for logs
     * @param events as they stand in a binlog, without its magic; closed in the end
     */
    public static FileCapture start(String name, InputStream events, EventSink sink) {
        FileCapture capture = new FileCapture(name, events, sink);
        capture.thread.start();
        return capture;
    }

    private void run() {
        try {
            int count = 0;
            for (byte[] bytes = next(); bytes.length > 0; bytes = next()) {
                sink.accept(List.of(BinlogEvent.checked(bytes)));
                count++;
            }
            if (count > 0) {
                LOG.info("link={} has read {} events of the dead server's binlog files", name, count);
            }
            closed.await(AFTERWARDS.toMillis(), TimeUnit.MILLISECONDS);
            end("all that the dead server's binlog files held has come", new EOFException());
        } catch (InterruptedException e) {
            end("closed", e);
        } catch (IOException | RuntimeException e) {
            end("the dead server's binlog files: " + e.getMessage(), e);
        }
    }

    private void end(String why, Exception cause) {
        ended = true;
        sink.ended(new CaptureException(why, true, cause));
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
        byte[] bytes = Arrays.copyOf(header, size);
        if (events.readNBytes(bytes, BinlogEvent.HEADER, size - BinlogEvent.HEADER) < size - BinlogEvent.HEADER) {
            throw new EOFException("the stream ends inside an event");
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
        thread.interrupt();
        try {
            events.close();
        } catch (IOException e) {
            LOG.debug("link={} closing: {}", name, e.getMessage());
        }
    }
}

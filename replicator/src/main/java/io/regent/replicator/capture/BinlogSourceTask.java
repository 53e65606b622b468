package io.regent.replicator.capture;

import io.regent.replicator.transaction.BinlogEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Reads one source's binlog and hands it to the engine, a batch of raw events a record. */
public final class BinlogSourceTask extends SourceTask {
    private static final long POLL_MILLIS = 100;

    private @Nullable CaptureSession session;
    private @Nullable BinlogReader reader;

    @Override
    public void start(Map<String, String> properties) {
        CaptureSession found = CaptureSession.find(properties);
        session = found;
        reader = BinlogReader.start(found.settings(), found.executed(), found.buffer());
    }

    /** Hands on what waits; the events before a failure come before it. */
    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        CaptureSession current = session;
        if (current == null) {
            return null;
        }
        List<BinlogEvent> events = current.buffer().take(POLL_MILLIS);
        if (!events.isEmpty()) {
            String name = current.settings().name();
            return List.of(new SourceRecord(Map.of("link", name), Map.of(), name, null, events));
        }
        Throwable failure = current.buffer().failure();
        if (failure == null && current.isSilent()) {
            failure = new IOException("the source was silent for more than three heartbeats");
        }
        if (failure != null) {
            throw new ConnectException(failure.getMessage(), failure);
        }
        return null;
    }

    @Override
    public void stop() {
        BinlogReader running = reader;
        if (running != null) {
            running.stop();
        }
    }

    @Override
    public String version() {
        return "1";
    }
}

package io.regent.replicator.capture;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.CompletionCallback;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of one source's binlog, through Debezium's engine: raw events in order, from everything that the target
 * has not executed.
 *
 * <p>One capture is one connection. When it ends, for whatever reason, its sink is told once; to go on, ask the target
 * for its set and start another. No offset is stored anywhere.
 */
public final class Capture implements EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final int DUPLICATE_ID_OR_PURGED = 1236;
    private static final long CLOSE_SECONDS = 5;

    private final CaptureSession session;
    private final EventSink sink;
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final Thread thread;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Where a capture's engine comes from. */
    @FunctionalInterface
    interface Engines {
        DebeziumEngine<RecordChangeEvent<SourceRecord>> create(
                Properties properties,
                CompletionCallback onEnd,
                ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer);
    }

    Capture(CaptureSession session, EventSink sink, Engines engines) {
        this.session = session;
        this.sink = sink;
        this.engine =
                engines.create(properties(session), (success, message, error) -> end(message, error), this::handOn);
        this.thread = new Thread(this::run, "engine-" + session.settings().name());
        thread.setDaemon(true);
    }

    /**
     * Connects and begins to read, on threads of its own.
     *
     * @param executed the target's {@code gtid_executed}; exactly this set is asked of the source
     */
    public static Capture start(CaptureSettings settings, GtidSet executed, EventSink sink) {
        Capture capture = new Capture(CaptureSession.open(settings, executed), sink, Capture::debezium);
        capture.begin();
        return capture;
    }

    private static DebeziumEngine<RecordChangeEvent<SourceRecord>> debezium(
            Properties properties, CompletionCallback onEnd, ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer) {
        return DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties)
                .using(onEnd)
                .notifying(consumer)
                .build();
    }

    void begin() {
        thread.start();
    }

    private static Properties properties(CaptureSession session) {
        Properties properties = new Properties();
        properties.setProperty("name", session.settings().name());
        properties.setProperty("connector.class", BinlogSourceConnector.class.getName());
        properties.setProperty(CaptureSession.KEY, session.key());
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.setProperty("offset.flush.interval.ms", "3600000");
        properties.setProperty("record.processing.threads", "1");
        properties.setProperty("errors.max.retries", "0");
        properties.setProperty("internal.task.management.timeout.ms", "5000");
        return properties;
    }

    /** The engine throws where its stream ends by itself while we close it: both want to be the one who stops it. */
    private void run() {
        try {
            engine.run();
            end("the engine stopped without a word", null);
        } catch (Throwable e) { // an Error too: a sink that is never told waits for ever
            LOG.debug("capture {}: the engine threw", session.settings().name(), e);
            end("the engine broke", e);
        } finally {
            session.forget();
            session.buffer().close();
            finished.countDown();
        }
    }

    private void handOn(
            List<RecordChangeEvent<SourceRecord>> batch, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        for (RecordChangeEvent<SourceRecord> change : batch) {
            if (closing.get()) {
                return;
            }
            sink.accept(events(change.record()));
            committer.markProcessed(change);
        }
        committer.markBatchFinished();
    }

    @SuppressWarnings("unchecked") // put there by BinlogSourceTask, untouched by the engine
    private static List<BinlogEvent> events(SourceRecord record) {
        return (List<BinlogEvent>) record.value();
    }

    private void end(@Nullable String message, @Nullable Throwable error) {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        String source = session.settings().name();
        if (closing.get()) {
            sink.ended(new CaptureException("capture " + source + " was closed", true, rootOf(error)));
            return;
        }
        Throwable root = rootOf(error);
        String text = root.getMessage() == null ? String.valueOf(message) : root.getMessage();
        sink.ended(new CaptureException(text, isWorthRetrying(root), root));
    }

    private static Throwable rootOf(@Nullable Throwable error) {
        Throwable root = error == null ? new IOException("the engine stopped") : error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** A second reader with our id is 1236 too, and passes; purged binlogs and a rewound source do not. */
    private static boolean isWorthRetrying(Throwable root) {
        if (root instanceof ServerException server) {
            String text = String.valueOf(server.getMessage());
            return server.getErrorCode() != DUPLICATE_ID_OR_PURGED
                    || text.contains("same server_uuid/server_id")
                    || text.contains("server id");
        }
        return root instanceof IOException;
    }

    @Override
    public boolean isCutOff() {
        return session.isCutOff();
    }

    /**
     * Ends the stream and waits for its threads, but not for ever: one whose sink does not return is left to end when
     * it does. What the sink has accepted by then stays accepted; it is given nothing more.
     */
    @Override
    public void close() {
        closing.set(true);
        session.buffer().close();
        closeEngine();
        try {
            if (!finished.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "capture {} does not end: its sink does not return",
                        session.settings().name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeEngine() {
        try {
            engine.close();
        } catch (IllegalStateException e) {
            // The engine has ended by itself, or is about to: finished tells when.
            LOG.debug("closing capture {}: {}", session.settings().name(), e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("capture " + session.settings().name() + " can't be closed", e);
        }
    }
}

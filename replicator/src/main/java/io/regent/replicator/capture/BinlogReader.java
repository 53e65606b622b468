package io.regent.replicator.capture;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.BinaryLogClient.AbstractLifecycleListener;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One connection to a source's binlog, read on a thread of its own into a buffer.
 *
 * <p>The client's keepalive is off: it would take a full buffer for death and reconnect behind our back. A source that
 * falls silent is noticed by {@link CaptureSession#isSilent} instead; whoever owns the link connects
 * anew, from the target's own set.
 */
final class BinlogReader {
    /** The source waits this long for a reader that is held back, e.g. by a causal wait, before it hangs up. */
    private static final long NET_WRITE_TIMEOUT_SECONDS = Duration.ofHours(12).toSeconds();

    /** Kept here, since java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger CLIENT_LOGGER = Logger.getLogger(AskingClient.class.getName());

    static {
        CLIENT_LOGGER.setLevel(Level.SEVERE);
    }

    private final BinaryLogClient client;
    private final EventBuffer buffer;
    private final Thread thread;

    private BinlogReader(BinaryLogClient client, EventBuffer buffer, String name) {
        this.client = client;
        this.buffer = buffer;
        this.thread = new Thread(this::read, "capture-" + name);
        thread.setDaemon(true);
    }

    static BinlogReader start(CaptureSettings settings, GtidSet executed, EventBuffer buffer) {
        BinaryLogClient client = new AskingClient(settings, executed);
        client.setServerId(settings.serverId());
        client.setSSLMode(settings.source().isPlain() ? SSLMode.DISABLED : SSLMode.PREFERRED);
        client.setKeepAlive(false);
        client.setHeartbeatInterval(settings.heartbeat().toMillis());
        client.setNetWriteTimeout(NET_WRITE_TIMEOUT_SECONDS);
        client.setConnectTimeout(settings.connectTimeout().toMillis());
        client.setEventDeserializer(new RawDeserializer(buffer));
        client.registerLifecycleListener(new AbstractLifecycleListener() {
            @Override
            public void onCommunicationFailure(BinaryLogClient ignored, Exception cause) {
                buffer.fail(cause);
            }

            @Override
            public void onEventDeserializationFailure(BinaryLogClient ignored, Exception cause) {
                buffer.fail(cause);
            }
        });
        BinlogReader reader = new BinlogReader(client, buffer, settings.name());
        reader.thread.start();
        return reader;
    }

    private void read() {
        try {
            client.connect();
            buffer.fail(new IOException("the source closed the stream"));
        } catch (IOException | RuntimeException e) {
            buffer.fail(e);
        }
    }

    void stop() {
        buffer.close();
        try {
            client.disconnect();
        } catch (IOException e) {
            buffer.fail(e);
        }
        thread.interrupt();
    }

    /** Asserts, at the last moment before it is sent, that the set asked of the source is the target's own. */
    private static final class AskingClient extends BinaryLogClient {
        private final GtidSet executed;

        private AskingClient(CaptureSettings settings, GtidSet executed) {
            super(
                    settings.source().address().host(),
                    settings.source().address().port(),
                    settings.source().account().user(),
                    settings.source().account().password());
            this.executed = executed;
            setGtidSet(executed.toString());
        }

        @Override
        protected void requestBinaryLogStream() throws IOException {
            if (!GtidSet.parse(getGtidSet()).equals(executed)) {
                throw new IOException(
                        "the client would ask the source for all but " + getGtidSet() + ", the target has " + executed);
            }
            super.requestBinaryLogStream();
        }
    }
}

package io.regent.replicator.link;

import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.capture.EventStream;
import io.regent.replicator.capture.FileCapture;
import io.regent.replicator.order.SourceMark;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;

/** Where one run of a link gets its stream from, and the rule for what it may commit of it. */
interface Supply extends AutoCloseable {
    Duration CONNECT = Duration.ofSeconds(10);

    /** What may be committed; asked of the source anew as it needs. */
    DeliveryRule rule() throws LinkFailure;

    /** Begins the stream of all that the target lacks. */
    EventStream start(EventSink sink);

    @Override
    void close();

    /**
     * The source's MySQL, or, if that does not answer, what somebody beside it reads from its binlog files.
     *
     * @param executed what the target has executed
     * @throws LinkFailure if neither can serve the target
     */
    static Supply of(LinkSettings settings, Terms terms, GtidSet executed) throws LinkFailure {
        SourceMarks source = new SourceMarks(settings);
        try {
            SourceCheck.require(settings, source, executed);
            return new FromServer(settings, terms, executed, source);
        } catch (RuntimeException e) {
            source.drop();
            throw e;
        } catch (LinkFailure e) {
            source.drop();
            if (!(e.getCause() instanceof SQLException)) {
                throw e;
            }
            return new FromFiles(settings, terms, open(settings, executed, e));
        }
    }

    private static InputStream open(LinkSettings settings, GtidSet executed, LinkFailure unreachable)
            throws LinkFailure {
        if (settings.salvage().equals(Salvage.NONE)) {
            throw unreachable;
        }
        try {
            return settings.salvage().open(executed);
        } catch (IOException e) {
            throw LinkFailure.passing(unreachable.getMessage() + ", and " + e.getMessage(), unreachable);
        }
    }

    /** The usual way. Its rule, which is wanted once, takes over the session with the source. */
    record FromServer(LinkSettings settings, Terms terms, GtidSet executed, SourceMarks source) implements Supply {
        @Override
        public DeliveryRule rule() throws LinkFailure {
            return DeliveryRule.of(settings, terms, source);
        }

        @Override
        public EventStream start(EventSink sink) {
            CaptureSettings capture = new CaptureSettings(
                    settings.name(),
                    settings.capture(),
                    settings.serverId(),
                    settings.tuning().heartbeat(),
                    CONNECT,
                    settings.tuning().bufferBytes());
            return Capture.start(capture, executed, sink);
        }

        @Override
        public void close() {}
    }

    /**
     * A dead server says nothing of its epoch: nothing is committed beyond what is known to be history. What it settled
     * is known from its last report; so what others originated is relayed from its files too, if their links are absent.
     */
    record FromFiles(LinkSettings settings, Terms terms, InputStream events) implements Supply {
        @Override
        public DeliveryRule rule() {
            SourceMark dead = new SourceMark(0, 0, settings.salvage().verdict());
            return DeliveryRule.always(terms.admission().under(dead));
        }

        @Override
        public EventStream start(EventSink sink) {
            return FileCapture.start(settings.name(), events, settings.tuning().bufferBytes(), sink);
        }

        @Override
        public void close() {
            try {
                events.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

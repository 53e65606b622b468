package io.regent.replicator.link;

import io.regent.replicator.transaction.SourceTransaction;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link's status, written by its threads, read by anyone. One log line per change of state. */
final class LinkMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final String name;
    private LinkStatus.State state = LinkStatus.State.CONNECTING;
    private String detail = "";
    private long applied;
    private @Nullable SourceTransaction last;

    LinkMonitor(String name) {
        this.name = name;
    }

    synchronized void become(LinkStatus.State next, String why) {
        if (next != state || (next == LinkStatus.State.RETRYING && !why.equals(detail))) {
            LOG.info("link={} from={} to={} reason={}", name, state, next, why);
        }
        state = next;
        detail = why;
    }

    /** Events arrive: the source has accepted us. */
    synchronized void connected() {
        if (state == LinkStatus.State.CONNECTING) {
            become(LinkStatus.State.RUNNING, "");
        }
    }

    synchronized void applied(SourceTransaction transaction) {
        applied++;
        last = transaction.emptied();
        if (state == LinkStatus.State.RETRYING) {
            become(LinkStatus.State.RUNNING, "");
        }
    }

    synchronized LinkStatus status() {
        SourceTransaction newest = last;
        return newest == null
                ? new LinkStatus(state, detail, applied, null, null)
                : new LinkStatus(state, detail, applied, newest.gtid(), committedAt(newest));
    }

    private static Instant committedAt(SourceTransaction transaction) {
        long micros = transaction.originalCommitMicros();
        return Instant.ofEpochSecond(
                TimeUnit.MICROSECONDS.toSeconds(micros), TimeUnit.MICROSECONDS.toNanos(micros % 1_000_000));
    }
}

package io.regent.replicator.link;

import io.regent.replicator.apply.StopReport;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.gtid.Gtid;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link's status, written by its threads, read by anyone. One log line per change of state. */
final class LinkMonitor {
    private static final long KEEPS_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final String name;
    private final LongSupplier nanoTime;
    private LinkStatus.State state = LinkStatus.State.CONNECTING;
    private String detail = "";
    private long applied;
    private @Nullable SourceTransaction last;
    private boolean connected;
    private boolean streamed;
    private boolean cutOff;
    private boolean arriving;
    private long idleNanos;
    private volatile Presence presence = Presence.AWAITED;
    private BooleanSupplier answers = () -> false;
    private volatile BooleanSupplier standsIn = () -> false;
    private @Nullable StopReport stopped;
    private final Map<Gtid, Instant> waiting = new LinkedHashMap<>();

    /** Whether the link can be expected to bring what its source originated. */
    enum Presence {
        /** It is connecting for the first time. */
        AWAITED,
        /** Its source streams to it. */
        DELIVERS,
        /** Its source can't be reached or can't serve it. */
        ABSENT,
        /** It stopped at a transaction that a human must look at. */
        STOPPED_AT_TRANSACTION
    }

    LinkMonitor(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.idleNanos = nanoTime.getAsLong() - 2 * KEEPS_UP_NANOS;
    }

    /** A stop is final: what only reads may end after it. */
    synchronized void become(LinkStatus.State next, String why) {
        if (state == LinkStatus.State.STOPPED) {
            return;
        }
        if (next != state || (next == LinkStatus.State.RETRYING && !why.equals(detail))) {
            LOG.info("link={} from={} to={} reason={}", name, state, next, why);
        }
        state = next;
        detail = why;
    }

    /** It ends for good, at this transaction if it is one. */
    synchronized void fail(String why, @Nullable StopReport at) {
        stopped = at;
        become(LinkStatus.State.FAILED, why);
    }

    /** Events arrive: the source has accepted us. */
    synchronized void connected() {
        if (cutOff) {
            return;
        }
        connected = true;
        streamed = true;
        presence = Presence.DELIVERS;
        if (state == LinkStatus.State.CONNECTING) {
            become(LinkStatus.State.RUNNING, "");
        }
    }

    /** The stream has ended; what it brought and is not committed comes again. */
    synchronized void disconnected() {
        connected = false;
        arriving = false;
        waiting.clear();
    }

    /** Who knows from now on, and until the run ends, whether the source's MySQL answers, and whether it relays the master. */
    synchronized void asks(BooleanSupplier source, BooleanSupplier master) {
        answers = source;
        standsIn = master;
    }

    /** A run begins. */
    synchronized void begins() {
        streamed = false;
        cutOff = false;
    }

    /** The source streams no more, though the link may still have something of it, or stand still before it. */
    synchronized void cutOff() {
        cutOff = true;
        connected = false;
        presence = Presence.ABSENT;
    }

    /** The run has ended, and the state says why. */
    synchronized void ended() {
        answers = () -> false;
        standsIn = () -> false;
        presence = streamed && state == LinkStatus.State.FAILED ? Presence.STOPPED_AT_TRANSACTION : Presence.ABSENT;
    }

    Presence presence() {
        return presence;
    }

    /**
     * Whether its source can be expected to bring nothing new for now: it streams nothing, or it can't be asked for its
     * epoch, without which nothing beyond the cut is taken of it. One that failed is for a human.
     */
    boolean isAway(boolean absent) {
        LinkStatus.State now;
        boolean answered;
        synchronized (this) {
            now = state;
            answered = answers.getAsBoolean();
        }
        return now != LinkStatus.State.FAILED && (absent || (presence == Presence.DELIVERS && !answered));
    }

    /** What is special about the transactions that are being carried. */
    synchronized void carries(String what) {
        if (!what.isEmpty()) {
            LOG.info("link={} {}", name, what);
        }
        if (state == LinkStatus.State.RUNNING) {
            detail = what;
        }
    }

    /** A transaction that arrived is left to the link of its origin. */
    synchronized void left(SourceTransaction transaction) {
        waiting.remove(transaction.gtid());
        noteIdle();
    }

    /** Whether a transaction has begun to arrive and has not arrived. */
    synchronized void arriving(boolean is) {
        arriving = is;
        noteIdle();
    }

    private void noteIdle() {
        if (connected && !arriving && waiting.isEmpty()) {
            idleNanos = nanoTime.getAsLong();
        }
    }

    private boolean keepsUp() {
        noteIdle();
        return connected && nanoTime.getAsLong() - idleNanos <= KEEPS_UP_NANOS;
    }

    synchronized void arrived(SourceTransaction transaction) {
        noteIdle();
        waiting.put(transaction.gtid(), committedAt(transaction));
    }

    synchronized void applied(SourceTransaction transaction) {
        waiting.remove(transaction.gtid());
        applied++;
        last = transaction.emptied();
        noteIdle();
        if (state == LinkStatus.State.RETRYING) {
            become(LinkStatus.State.RUNNING, "");
        }
    }

    /** What another link does is asked for without the lock, for that one may ask for this. */
    LinkStatus status() {
        return status(standsIn.getAsBoolean());
    }

    private synchronized LinkStatus status(boolean relays) {
        SourceTransaction newest = last;
        boolean answered = answers.getAsBoolean();
        Instant oldest = waiting.values().stream().findFirst().orElse(null);
        return new LinkStatus(
                state,
                detail,
                connected,
                answered,
                relays && connected,
                keepsUp(),
                applied,
                newest == null ? null : newest.gtid(),
                newest == null ? null : committedAt(newest),
                oldest,
                state == LinkStatus.State.FAILED ? stopped : null);
    }

    private static Instant committedAt(SourceTransaction transaction) {
        long micros = transaction.originalCommitMicros();
        return Instant.ofEpochSecond(
                TimeUnit.MICROSECONDS.toSeconds(micros), TimeUnit.MICROSECONDS.toNanos(micros % 1_000_000));
    }
}

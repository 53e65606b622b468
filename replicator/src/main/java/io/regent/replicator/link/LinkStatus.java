package io.regent.replicator.link;

import io.regent.replicator.apply.StopReport;
import io.regent.sql.gtid.Gtid;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a link does at this moment.
 *
 * @param state in one word
 * @param detail in one sentence: what it waits for, or why it stopped
 * @param connected whether the source streams to us
 * @param answered whether the source's MySQL has answered lately when it was asked for its epoch; never without mastership
 * @param standsIn whether it brings at this moment all that the present master commits, in place of the link from there
 * @param keepsUp whether the source streams, and within the last second all that had arrived of it was committed here
 * @param applied transactions committed since the link was started, empty ones included
 * @param last the last transaction committed, null before the first
 * @param lastCommittedAtOrigin when its origin committed it
 * @param waitingSince when the origin committed the oldest transaction that has arrived and is not committed here; null
 *     if none waits
 * @param stopped at which transaction it stopped; null unless it {@link State#FAILED} at one
 */
public record LinkStatus(
        State state,
        String detail,
        boolean connected,
        boolean answered,
        boolean standsIn,
        boolean keepsUp,
        long applied,
        @Nullable Gtid last,
        @Nullable Instant lastCommittedAtOrigin,
        @Nullable Instant waitingSince,
        @Nullable StopReport stopped) {

    /**
     * How old what comes next is: zero when all that arrived is committed, unknown without a connection. As true as the
     * clocks of the two regions are equal.
     */
    public Optional<Duration> lag(Instant now) {
        if (!connected) {
            return Optional.empty();
        }
        Instant since = waitingSince;
        return Optional.of(since == null || since.isAfter(now) ? Duration.ZERO : Duration.between(since, now));
    }

    /** The states of a link. */
    public enum State {
        /** Not connected yet, or connecting again; the detail says why. */
        CONNECTING,
        /** Connected; applies what comes. */
        RUNNING,
        /** The next transaction follows foreign ones that the target lacks; the detail names them. */
        WAITING,
        /** The next transaction is outside history as known here. */
        HELD,
        /** The last attempt failed in a way that may pass: it is being tried again. */
        RETRYING,
        /** Stopped by something that a human must look at; nothing of it was applied, nor what depends on it. */
        FAILED,
        /** Stopped on request. */
        STOPPED
    }
}

package io.regent.replicator.link;

import io.regent.sql.gtid.Gtid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a link does at this moment.
 *
 * @param state in one word
 * @param detail in one sentence: what it waits for, or why it stopped
 * @param applied transactions committed since the link was started, empty ones included
 * @param last the last transaction committed, null before the first
 * @param lastCommittedAtOrigin when its origin committed it
 */
public record LinkStatus(
        State state,
        String detail,
        long applied,
        @Nullable Gtid last,
        @Nullable Instant lastCommittedAtOrigin) {

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

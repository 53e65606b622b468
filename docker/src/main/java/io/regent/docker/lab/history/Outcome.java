package io.regent.docker.lab.history;

/** What a client knows about a write. */
public enum Outcome {
    /** The server said OK. */
    ACKNOWLEDGED,
    /** The server said no: nothing of it happened. */
    REFUSED,
    /** The session was lost before an answer: it may have happened or not. */
    UNKNOWN
}

package io.regent.replicator.capture;

/** A stream of binlog events into a sink, on threads of its own; its end is told to the sink once. */
public interface EventStream extends AutoCloseable {
    /** Whether the source streams no more; a sink that blocks is told of that only after all that came before. */
    boolean isCutOff();

    /** Ends the stream. What the sink has accepted by then stays accepted; it is given nothing more. */
    @Override
    void close();
}

package io.regent.replicator.capture;

import io.regent.replicator.transaction.BinlogEvent;
import java.util.List;

/** Takes the captured events in order, on one thread. Blocking in it holds the source back. */
public interface EventSink {
    /**
     * Takes the next events of the stream.
     *
     * @throws InterruptedException if the capture is being closed
     */
    void accept(List<BinlogEvent> events) throws InterruptedException;

    /** Waits until all that was accepted is done with; nothing more is given to it meanwhile. */
    default void awaitHandled() throws InterruptedException {}

    /**
     * The stream has ended, by an error or because it was closed; nothing follows.
     *
     * @param end why, never null
     */
    void ended(CaptureException end);
}

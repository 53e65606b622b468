package io.regent.replicator.link;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The request to stop, which wakes at once whoever waits at that moment. Asked once, for ever. */
final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile Runnable wakeUp = () -> {};

    void ask() {
        asked.countDown();
        wakeUp.run();
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    void await(Duration pause) throws InterruptedException {
        boolean unused = asked.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs this when the stop is asked for, now if it has been, perhaps twice; it replaces the one before. */
    void whenAsked(Runnable action) {
        wakeUp = action;
        if (isAsked()) {
            action.run();
        }
    }
}

package io.regent.replicator.link;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The request to stop, which wakes at once whoever waits at that moment. Asked once, for ever.
 *
 * <p>Whoever asks waits only for what may commit, which goes on between {@link #enter} and {@link #leave}: a link that is
 * just connecting may hang on a server that does not answer, and harms nobody.
 */
final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile Runnable wakeUp = () -> {};
    private boolean entered;

    void ask() {
        synchronized (this) {
            asked.countDown();
        }
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

    /** Before anything that may commit; false if it must not begin any more. */
    synchronized boolean enter() {
        entered = !isAsked();
        return entered;
    }

    /** Nothing that may commit goes on any more. */
    synchronized void leave() {
        entered = false;
        notifyAll();
    }

    synchronized void awaitLeft() throws InterruptedException {
        while (entered) {
            wait();
        }
    }
}

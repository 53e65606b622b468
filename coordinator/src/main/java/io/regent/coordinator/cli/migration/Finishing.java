package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps an interrupted command (Ctrl-C, a signal to end) alive for as long as it needs to come to its end, but not for ever:
 * a master that is closed at that moment is better opened now than by the next run.
 */
public final class Finishing {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Consumer<String> progress;
    private final Thread hook = new Thread(this::finish, "interrupted");

    private Finishing(Consumer<String> progress) {
        this.progress = progress;
    }

    /** What a command does. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. */
        T run() throws CliException;
    }

    /**
     * Does it, and comes to its end though it is interrupted.
     *
     * @param progress is told so
     */
    public static <T> T of(Consumer<String> progress, Work<T> work) throws CliException {
        Finishing finishing = new Finishing(progress);
        Runtime.getRuntime().addShutdownHook(finishing.hook);
        try {
            return work.run();
        } finally {
            finishing.end();
        }
    }

    private void finish() {
        progress.accept("interrupted: what has begun is finished first, for at most " + LONGEST.toSeconds() + " s");
        try {
            if (!over.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                progress.accept("it has not come to its end: run it again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already: the hook runs, and ends now.
        }
    }
}

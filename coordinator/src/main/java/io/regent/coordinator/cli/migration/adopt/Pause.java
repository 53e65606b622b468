package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.cli.migration.Opening;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The time for which the master takes no writes. */
final class Pause {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private final Opening opening;
    private final String master;
    private final Consumer<String> progress;
    private long began;

    Pause(NativeServers servers, String master, Consumer<String> progress) {
        this.opening = new Opening(servers, master);
        this.master = master;
        this.progress = progress;
    }

    /** It is about to be closed. */
    void begin() {
        began = System.nanoTime();
    }

    /** Waits until its coordinator has opened it; for how many milliseconds at most it was closed, or -1 if it did not. */
    long await() throws CliException {
        long deadline = began + LONGEST.toNanos();
        while (!opening.isOpen()) {
            if (System.nanoTime() - deadline > 0) {
                return -1;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        progress.accept(master + " is open again after " + millis + " ms, by its coordinator");
        return millis;
    }
}

package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The master between its closing and its opening: by its coordinator, or, where no cluster came of it, as before. */
final class Opening {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private final NativeServers servers;
    private final String master;
    private final Consumer<String> progress;
    private boolean wasOpen;
    private long began;

    Opening(NativeServers servers, String master, Consumer<String> progress) {
        this.servers = servers;
        this.master = master;
        this.progress = progress;
    }

    /** It is about to be closed. */
    void begin() throws CliException {
        wasOpen = state() == WriteState.OPEN;
        progress.accept(master + " is closed for a moment");
        began = System.nanoTime();
    }

    private WriteState state() throws CliException {
        return servers.at(master, ServerState::read).writeState();
    }

    /** Waits until it is open again; for how many milliseconds at most it was not, or -1 if it did not open. */
    long await() throws CliException {
        long deadline = began + LONGEST.toNanos();
        while (state() != WriteState.OPEN) {
            if (System.nanoTime() - deadline > 0) {
                return -1;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        long pause = Duration.ofNanos(System.nanoTime() - began).toMillis();
        progress.accept(master + " is open again after " + pause + " ms, by its coordinator");
        return pause;
    }

    /** Opens it as it was before. Only where it is certain that there is no cluster, whose lease it would need. */
    void undo() throws CliException {
        if (wasOpen) {
            open();
        }
    }

    /** Opens it without any lease. Only where no other server is open, and none can be. */
    void open() throws CliException {
        servers.run(master, session -> {
            Statements.execute(session, "SET GLOBAL offline_mode = OFF");
            Statements.execute(session, "SET GLOBAL super_read_only = OFF");
            Statements.execute(session, "SET GLOBAL read_only = OFF");
        });
        progress.accept(master + " is open again, as before");
    }
}

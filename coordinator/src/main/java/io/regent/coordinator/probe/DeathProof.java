package io.regent.coordinator.probe;

import io.regent.sql.session.ServerPlace;
import io.regent.sql.session.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Whether a mysqld is dead beyond doubt: its process is gone and nobody holds the lock of its data directory, both seen
 * on the same host (PROTOCOL.md, "Giving up" 2). A refused connection proves nothing: a shutdown closes its listener
 * first.
 *
 * <p>It can prove nothing about a server on another host, nor if this process may not open the server's files. Whether
 * it can is itself seen, not configured: while the server lives, its lock must be seen to be held.
 */
final class DeathProof {
    private final Runnable onDeath;
    private @Nullable Living living;

    /** @param onDeath run, on some thread, when a process that was learned of ends */
    DeathProof(Runnable onDeath) {
        this.onDeath = onDeath;
    }

    /**
     * A process and whether its end was told.
     *
     * @param told done when its end was told
     */
    private record Living(ServerProcess process, CompletableFuture<Void> told) {}

    /** To be called while the server answers. */
    void learn(ServerPlace place) {
        living = null;
        try {
            Optional<ServerProcess> process = isOf(place) ? ServerProcess.at(place) : Optional.empty();
            Optional<ProcessHandle> handle = process.flatMap(one -> ProcessHandle.of(one.pid()));
            if (handle.isPresent() && process.orElseThrow().isLocked()) {
                CompletableFuture<Void> told = handle.get().onExit().thenRun(onDeath);
                living = new Living(process.orElseThrow(), told);
            }
        } catch (IOException | SecurityException e) {
            living = null; // another host, or not our files
        }
    }

    /** The same paths on this host may belong to another mysqld. */
    private static boolean isOf(ServerPlace place) throws IOException {
        String identity = "server-uuid=" + place.serverUuid();
        return Files.readAllLines(place.dataDirectory().resolve("auto.cnf")).contains(identity);
    }

    /** Whether the server that was last learned of is dead for certain. */
    boolean isProven() {
        Living known = living;
        try {
            return known != null && known.process.isDead();
        } catch (IOException e) {
            return false;
        }
    }
}

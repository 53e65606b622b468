package io.regent.coordinator.probe;

import io.regent.sql.session.ServerPlace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
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
    private static final String LOCKED_BY_INNODB = "ibdata1";

    private final Runnable onDeath;
    private @Nullable Living living;

    /** @param onDeath run, on some thread, when a process that was learned of ends */
    DeathProof(Runnable onDeath) {
        this.onDeath = onDeath;
    }

    /**
     * A process and the lock that it was seen to hold.
     *
     * @param started when the process began; another with the same id began at another time
     * @param told done when its end was told
     */
    private record Living(long pid, Optional<Instant> started, Path lock, CompletableFuture<Void> told) {}

    /** To be called while the server answers. */
    void learn(ServerPlace place) {
        living = null;
        Path lock = place.dataDirectory().resolve(LOCKED_BY_INNODB);
        try {
            long pid = Long.parseLong(Files.readString(place.pidFile()).trim());
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            boolean here = isOf(place);
            if (here && process.isPresent() && !isFree(lock)) {
                CompletableFuture<Void> told = process.get().onExit().thenRun(onDeath);
                living = new Living(pid, process.get().info().startInstant(), lock, told);
            }
        } catch (IOException | NumberFormatException | SecurityException e) {
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
        if (known == null) {
            return false;
        }
        try {
            return isGone(known) && isFree(known.lock);
        } catch (IOException e) {
            return false;
        }
    }

    /** Another process may have got the id since; one whose start cannot be read is taken for the same. */
    private static boolean isGone(Living known) {
        Optional<ProcessHandle> process = ProcessHandle.of(known.pid);
        if (process.isEmpty()) {
            return true;
        }
        Optional<Instant> started = process.get().info().startInstant();
        return started.isPresent() && known.started.isPresent() && !started.equals(known.started);
    }

    /** The lock is let go at once: a server that starts at this moment tries again. */
    private static boolean isFree(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held != null;
        }
    }
}

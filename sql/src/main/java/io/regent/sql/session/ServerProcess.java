package io.regent.sql.session;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process on this host that the files of a server name.
 *
 * @param pid its id
 * @param started when it began; another with the same id began at another time
 * @param lock the file whose lock a server holds while it runs; not any more once a clone was taken from it (8.0.33, tried)
 */
public record ServerProcess(long pid, Optional<Instant> started, Path lock) {
    private static final String LOCKED_BY_INNODB = "ibdata1";

    /** Until mysqld takes the time of its start, and what clocks round. */
    private static final Duration START = Duration.ofSeconds(30);

    private static final String CLAIM = """
            SELECT (SELECT THREAD_OS_ID FROM performance_schema.threads WHERE NAME = 'thread/sql/main'),
                   (SELECT THREAD_OS_ID FROM performance_schema.threads WHERE PROCESSLIST_ID = CONNECTION_ID()),
                   (SELECT VARIABLE_VALUE FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Uptime')""";

    /**
     * The process, if one with that id lives on this host. The same paths on this host may belong to another server than
     * the one that named them.
     *
     * @throws IOException if the files are not here, or not ours to read
     */
    public static Optional<ServerProcess> at(ServerPlace place) throws IOException {
        try {
            long pid = Long.parseLong(Files.readString(place.pidFile()).trim());
            Path lock = place.dataDirectory().resolve(LOCKED_BY_INNODB);
            return ProcessHandle.of(pid)
                    .map(process -> new ServerProcess(pid, process.info().startInstant(), lock));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether somebody holds the lock.
     *
     * @throws IOException if it cannot be tried
     */
    public boolean isLocked() throws IOException {
        return !isFree(lock);
    }

    /**
     * Whether it is the very server that a session is with: the same process id, begun when that server began, and with
     * the thread that serves the session. A copy of a whole machine has the same files, and perhaps the same ids. Where threads
     * cannot be seen (no {@code /proc}), it is not known to be.
     *
     * @param admin a session with SELECT on {@code performance_schema}
     */
    public boolean serves(Connection admin) throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(CLAIM)) {
            if (!row.next() || row.getLong(1) != pid) {
                return false;
            }
            Instant begun = Instant.now().minusSeconds(row.getLong(3));
            boolean same = started.filter(
                            at -> Duration.between(at, begun).abs().compareTo(START) < 0)
                    .isPresent();
            return same
                    && Files.isDirectory(Path.of("/proc", Long.toString(pid), "task", Long.toString(row.getLong(2))));
        }
    }

    /**
     * Whether it is dead for certain: it has ended and its lock is free.
     *
     * @throws IOException if the lock cannot be tried any more
     */
    public boolean isDead() throws IOException {
        return isGone() && isFree(lock);
    }

    /** Another process may have got the id since; one whose start cannot be read is taken for the same. */
    private boolean isGone() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return true;
        }
        Optional<Instant> now = process.get().info().startInstant();
        return now.isPresent() && started.isPresent() && !now.equals(started);
    }

    /** The lock is let go at once: a server that starts at this moment tries again. */
    private static boolean isFree(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held != null;
        }
    }
}

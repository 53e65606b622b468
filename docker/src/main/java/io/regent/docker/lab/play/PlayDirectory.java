package io.regent.docker.lab.play;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.process.FleetRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory of a demo or a drill, which belongs to one process at a time. */
public final class PlayDirectory implements AutoCloseable {
    private static final String LOCK = "demo.lock";
    private static final String ROOT_PROPERTY = "regent.root";

    private final Path path;
    private final FileChannel channel;

    private PlayDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Where it is unless the user names another place: in the build directory, where nothing is missed. */
    public static Path usual(String name) {
        String root = System.getProperty(ROOT_PROPERTY);
        return root == null
                ? Path.of(
                        System.getProperty("java.io.tmpdir"), "regent-" + name + "-" + System.getProperty("user.name"))
                : Path.of(root, "docker", "target", name);
    }

    /** What is done in it; the exit code of it. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        int run() throws IOException;
    }

    /** Does something in it that leaves nothing behind; after a failure, the logs. */
    public static int use(Path path, Terminal terminal, Work work) throws IOException {
        try (PlayDirectory taken = take(path)) {
            int code = work.run();
            if (code == 0) {
                taken.clear();
            } else {
                terminal.say("logs are in " + path);
            }
            return code;
        }
    }

    /**
     * Takes the directory and empties it of what was played before.
     *
     * @throws FleetException if another process has it, or it holds something else
     */
    public static PlayDirectory take(Path path) {
        try {
            boolean foreign = Files.isDirectory(path)
                    && !Files.exists(path.resolve(LOCK))
                    && !entries(path).isEmpty();
            if (foreign) {
                throw new FleetException(
                        path + " holds something that is neither a demo nor a drill; name an empty place with --dir");
            }
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            PlayDirectory directory = new PlayDirectory(path, channel);
            directory.lock();
            directory.clear();
            return directory;
        } catch (IOException e) {
            throw new FleetException("cannot use " + path + ": " + e + "; name another place with --dir", e);
        }
    }

    private void lock() throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            String who = FleetRecord.read(path)
                    .map(record -> " (process " + record.keeper().pid() + ")")
                    .orElse("");
            throw new FleetException(path + " is in use" + who + "; name another place with --dir, or wait for its end"
                    + " (a demo that was kept ends by dbctl demo --stop --dir " + path + ")");
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Deletes everything but the lock. */
    void clear() throws IOException {
        for (Path entry : entries(path)) {
            if (!entry.endsWith(LOCK)) {
                delete(entry);
            }
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    /** Gives it up; what is in it stays. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}

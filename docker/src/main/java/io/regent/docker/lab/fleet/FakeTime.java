package io.regent.docker.lab.fleet;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** A wall clock that libfaketime sets for those processes that load it: a file says by how much, and each looks once a second. */
public final class FakeTime implements WallClock {
    private static final String FILE = "offset";
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private final Path folder;

    private FakeTime(Path folder) {
        this.folder = folder;
    }

    /**
     * A clock that goes right until it is set.
     *
     * @param folder its file is in here
     */
    public static FakeTime in(Path folder) throws IOException {
        Files.createDirectories(folder);
        FakeTime clock = new FakeTime(folder);
        clock.write(Duration.ZERO);
        return clock;
    }

    /**
     * Does nothing if processes of this machine can load the library.
     *
     * @throws FleetException if they cannot
     */
    public static void demand() {
        if (!isHere()) {
            throw new FleetException("clocks of processes are set by libfaketime, which is not here: apt-get install"
                    + " libfaketime, or --fleet containers");
        }
    }

    private static boolean isHere() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(LIBRARIES, "*-linux-*")) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve(LIBRARY))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** The folder of its file. */
    public Path folder() {
        return folder;
    }

    /**
     * What a process is started with that is to read this clock.
     *
     * @param seen where that process sees the folder
     */
    public static Map<String, String> environment(Path seen) {
        return Map.of(
                // The loader knows where its own libraries are.
                "LD_PRELOAD",
                "/usr/$LIB/" + LIBRARY,
                "FAKETIME_TIMESTAMP_FILE",
                seen.resolve(FILE).toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    @Override
    public void ahead(Duration offset) {
        try {
            write(offset);
        } catch (IOException e) {
            throw new FleetException("cannot set the clock in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** In one step: half a file would be another time. */
    private void write(Duration offset) throws IOException {
        long seconds = offset.toSeconds();
        Path fresh = Files.writeString(folder.resolve(FILE + ".new"), (seconds < 0 ? "" : "+") + seconds + "\n");
        Files.move(fresh, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
}

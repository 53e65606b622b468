package io.regent.sql.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Provides the one library that the distribution lacks, {@code libaio.so.1}.
 *
 * <p>mysqld searches {@code lib/private} of its own distribution first (its RUNPATH), so a copy there is enough and
 * nothing of the machine is changed. Newer Debian and Ubuntu call it {@code libaio.so.1t64}.
 */
final class LibAio {
    private static final String NAME = "libaio.so.1";
    private static final List<String> FILES = List.of(NAME, "libaio.so.1t64");
    private static final List<String> PACKAGES = List.of("libaio1", "libaio1t64");
    private static final List<Path> SYSTEM = Stream.of(
                    "/lib/x86_64-linux-gnu",
                    "/usr/lib/x86_64-linux-gnu",
                    "/lib/aarch64-linux-gnu",
                    "/usr/lib/aarch64-linux-gnu",
                    "/lib64",
                    "/usr/lib64",
                    "/lib",
                    "/usr/lib")
            .map(Path::of)
            .toList();
    private static final Duration FETCH = Duration.ofMinutes(2);

    private final Path home;
    private final List<Path> system;
    private final String aptGet;
    private final List<String> tried = new ArrayList<>();

    LibAio(Path home) {
        this(home, SYSTEM, "apt-get");
    }

    LibAio(Path home, List<Path> system, String aptGet) {
        this.home = home;
        this.system = system;
        this.aptGet = aptGet;
    }

    /** Copies the library from the machine or fetches its package. */
    void provide() throws IOException {
        if (!fromSystem() && !fromPackage()) {
            throw new LocalMysqlException("mysqld needs " + NAME
                    + ", and it could not be fetched: install libaio1 (Debian, Ubuntu) or libaio (Fedora), then run"
                    + " again\n" + String.join("\n", tried));
        }
    }

    private boolean fromSystem() throws IOException {
        for (Path directory : system) {
            for (String file : FILES) {
                Path candidate = directory.resolve(file);
                if (Files.exists(candidate)) {
                    place(candidate);
                    return true;
                }
            }
        }
        tried.add("not in the library directories of this machine");
        return false;
    }

    private boolean fromPackage() throws IOException {
        Path scratch = Files.createTempDirectory("regent-libaio-");
        try {
            for (String name : PACKAGES) {
                if (download(scratch, name, List.of()) && unpack(scratch)) {
                    return true;
                }
            }
            // The machine's package lists may be empty (container images): use own ones, which needs no root.
            List<String> own = ownLists(scratch);
            run(scratch, command(own, "update"));
            for (String name : PACKAGES) {
                if (download(scratch, name, own) && unpack(scratch)) {
                    return true;
                }
            }
            return false;
        } finally {
            Directories.deleteQuietly(scratch);
        }
    }

    private static List<String> ownLists(Path scratch) throws IOException {
        Files.createDirectories(scratch.resolve("lists/partial"));
        Files.createDirectories(scratch.resolve("cache/archives/partial"));
        return List.of(
                "-o", "Dir::State::lists=" + scratch.resolve("lists"), "-o", "Dir::Cache=" + scratch.resolve("cache"));
    }

    private boolean download(Path scratch, String name, List<String> options) {
        return run(scratch, command(options, "download", name));
    }

    private List<String> command(List<String> options, String... arguments) {
        List<String> all = new ArrayList<>(List.of(aptGet, "-q", "-o", "Acquire::http::Timeout=20"));
        if (Privileges.isRoot()) {
            // apt's own user cannot write into a private scratch directory.
            all.addAll(List.of("-o", "APT::Sandbox::User=root"));
        }
        all.addAll(options);
        all.addAll(List.of(arguments));
        return all;
    }

    private boolean unpack(Path scratch) throws IOException {
        Path root = scratch.resolve("root");
        for (Path file : list(scratch, ".deb")) {
            if (!run(scratch, List.of("dpkg", "-x", file.toString(), root.toString()))) {
                continue;
            }
            for (Path library : list(root, "")) {
                if (FILES.contains(library.getFileName().toString())) {
                    place(library);
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Path> list(Path root, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private boolean run(Path scratch, List<String> command) {
        Command.Result result = Command.run(scratch, FETCH, command);
        if (!result.ok()) {
            tried.add(String.join(" ", command) + ": exit " + result.exit() + ": "
                    + result.output().strip());
        }
        return result.ok();
    }

    private void place(Path library) throws IOException {
        Path directory = home.resolve("lib/private");
        Path temporary = Files.createTempFile(directory, NAME, ".new");
        Files.copy(library.toRealPath(), temporary, StandardCopyOption.REPLACE_EXISTING);
        Files.move(temporary, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }
}

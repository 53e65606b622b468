package io.regent.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {
    private static final Path SCRIPT = Path.of(System.getProperty("regent.root", ".."), "dbctl");

    @TempDir
    private Path directory;

    @Test
    void helpIsPrintedFromAnyDirectoryAndThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), SCRIPT.toAbsolutePath());
        Shell.Outcome outcome = run(Map.of(), link.toString(), "--help");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("Usage: dbctl", "init");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void twoFirstStartsAtOnceDoNotDisturbEachOther() throws Exception {
        Process one = start(Map.of(), SCRIPT.toString(), "version");
        Shell.Outcome two = run(Map.of(), SCRIPT.toString(), "version");
        assertThat(one.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(one.exitValue()).isZero();
        assertThat(two.out()).startsWith("regent ");
        assertThat(two.err()).isEmpty();
    }

    @Test
    void withoutAJdkItSaysWhatItNeeds() throws Exception {
        Shell.Outcome outcome = run(
                Map.of("JAVA_HOME", directory.toString(), "PATH", emptyPath().toString()), SCRIPT.toString(), "--help");
        assertThat(outcome.err()).contains("needs a JDK, 17 or newer", "set JAVA_HOME");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void twoFirstBuildsBuildOnce() throws Exception {
        Map<String, String> fake = treeWithMaven("sleep 1");
        Process one = start(fake, directory.resolve("dbctl").toString(), "version");
        run(fake, directory.resolve("dbctl").toString(), "version");
        assertThat(one.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(directory.resolve("builds")).content().hasLineCount(1);
        assertThat(directory.resolve("coordinator/target/dbctl.lock")).doesNotExist();
    }

    @Test
    void theLockOfABuildThatDiedIsBroken() throws Exception {
        Map<String, String> fake = treeWithMaven(":");
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path lock = Files.createDirectories(directory.resolve("coordinator/target/dbctl.lock"));
        Files.writeString(lock.resolve("pid"), Long.toString(dead.pid()));
        Shell.Outcome outcome = run(fake, directory.resolve("dbctl").toString(), "version");
        assertThat(outcome.err()).contains("builds Regent").doesNotContain("waits");
        assertThat(directory.resolve("builds")).content().hasLineCount(1);
        assertThat(lock).doesNotExist();
    }

    @Test
    void aBuildThatFailsSaysWhyAndLeavesNoLock() throws Exception {
        Map<String, String> fake = treeWithMaven("echo no space left on device; exit 1");
        Shell.Outcome outcome = run(fake, directory.resolve("dbctl").toString(), "version");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("no space left on device", "the build failed: no space left; it needs");
        assertThat(directory.resolve("coordinator/target/dbctl.lock")).doesNotExist();
        assertThat(directory.resolve("coordinator/target/dbctl.built")).doesNotExist();
    }

    /** A tree without sources, whose build is this line of a shell. */
    private Map<String, String> treeWithMaven(String build) throws Exception {
        Files.copy(SCRIPT, directory.resolve("dbctl"), StandardCopyOption.COPY_ATTRIBUTES);
        Path bin = Files.createDirectory(directory.resolve("fake"));
        Path maven = Files.writeString(
                bin.resolve("mvn"), "#!/bin/sh\necho built >>builds\n" + build + "\n: >coordinator/target/lib.list\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        return Map.of("PATH", bin + ":" + System.getenv("PATH"), "REGENT_NO_BUILD", "");
    }

    /** A PATH with the tools of the shell and no Java. */
    private Path emptyPath() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String tool : List.of("dirname", "sed", "head", "readlink")) {
            for (String place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(bin.resolve(tool))) {
                    Files.createSymbolicLink(bin.resolve(tool), Path.of(place, tool));
                }
            }
        }
        return bin;
    }

    private Shell.Outcome run(Map<String, String> environment, String... command) throws Exception {
        Process process = start(environment, command);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Shell.Outcome(process.exitValue(), out, err);
    }

    private Process start(Map<String, String> environment, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.set(0, Path.of(command[0]).toAbsolutePath().normalize().toString());
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().put("REGENT_NO_BUILD", "1");
        builder.environment().putAll(environment);
        return builder.start();
    }
}

package io.regent.docker.versions;

import io.regent.sql.local.MysqlDistribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * MySQL 9.7 for tests of mixed versions, taken once per build out of the image that the build makes for the drills. Where
 * that could not be made, whoever asks is skipped, and says so; with {@code -Dregent.drills.require=9.7} it fails.
 */
final class NewerMysql {
    private static final String IMAGE = "regent/mysql:9.7";
    private static final Path HOME = Path.of("target", "mysql-9.7").toAbsolutePath();
    private static final int LIMIT_SECONDS = 60;
    /** As in the image, but where this copy is. */
    private static final String PROGRAM = """
            #!/bin/sh
            tree=%s/tree
            exec $tree/usr/lib*/ld-linux-*.so.* --library-path "$(echo $tree/usr/lib/*-linux-gnu)" \
            $tree/usr/sbin/mysqld "$@"
            """;

    private NewerMysql() {}

    /** The distribution; aborts the test if there is none. */
    static synchronized MysqlDistribution orSkip() throws IOException, InterruptedException {
        if (!Files.isDirectory(HOME)) {
            Path copy = Files.createTempDirectory(Files.createDirectories(HOME.getParent()), "mysql-9.7-");
            String failed = unpack(copy);
            if (!failed.isEmpty()) {
                Files.deleteIfExists(copy); // empty: there was no image to copy from
                missing("no image " + IMAGE + ", which docker/images/prepare both makes: " + failed);
            }
            Files.writeString(copy.resolve("mysql/bin/mysqld"), PROGRAM.formatted(HOME));
            Files.move(copy.resolve("mysql"), HOME, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(copy);
        }
        return MysqlDistribution.at(HOME);
    }

    private static void missing(String why) {
        if (System.getProperty("regent.drills.require", "").contains("9.7")) {
            throw new AssertionError("-Dregent.drills.require: " + why);
        }
        Assumptions.abort("MIXED VERSIONS ARE NOT TESTED: " + why);
    }

    /** What went wrong; empty if nothing did. */
    private static String unpack(Path target) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(
                            "sh",
                            "-c",
                            "set -e; id=$(docker create " + IMAGE + "); trap 'docker rm -v $id' EXIT;"
                                    + " docker cp $id:/opt/mysql - | tar -x -C \"$0\"",
                            target.toString()))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return e.toString();
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return "no end after " + LIMIT_SECONDS + " s";
        }
        return process.exitValue() == 0 && Files.isDirectory(target.resolve("mysql/tree")) ? "" : output.strip();
    }
}

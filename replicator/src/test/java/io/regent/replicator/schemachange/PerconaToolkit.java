package io.regent.replicator.schemachange;

import io.regent.replicator.lab.Region;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Debian's percona-toolkit, unpacked once per build beside what it needs, for which nobody has to be root. Where neither
 * apt nor perl is, whoever asks is skipped, and says so.
 */
final class PerconaToolkit {
    private static final Path HOME = Path.of("target", "percona-toolkit").toAbsolutePath();
    private static final String ACCOUNT = "schema_change";
    private static final int LIMIT_SECONDS = 120;
    private static final String FETCH = """
            set -e
            cd "$0"
            mkdir -p lists/partial cache/archives/partial root
            options="-q -o Acquire::http::Timeout=20 -o Dir::Cache=$0/cache"
            [ "$(id -u)" != 0 ] || options="$options -o APT::Sandbox::User=root"
            packages="percona-toolkit libdbi-perl libdbd-mysql-perl libmariadb3 libterm-readkey-perl"
            apt-get $options download $packages || {
                options="$options -o Dir::State::lists=$0/lists"
                apt-get $options update
                apt-get $options download $packages
            }
            for package in *.deb; do dpkg-deb -x "$package" root; done
            perl -e 1
            """;

    private PerconaToolkit() {}

    /** Unpacks it; aborts the test where it is not to be had. */
    static synchronized void orSkip() throws IOException, InterruptedException {
        if (!Files.isDirectory(HOME)) {
            Path scratch = Files.createTempDirectory(Files.createDirectories(HOME.getParent()), "percona-toolkit-");
            Ended ended = run(new ProcessBuilder("sh", "-c", FETCH, scratch.toString()));
            Assumptions.assumeTrue(
                    ended.code() == 0,
                    "A REAL SCHEMA CHANGE IS NOT TESTED: percona-toolkit is Debian's, and needs perl: "
                            + ended.output());
            Files.move(scratch.resolve("root"), HOME, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** An account that its client library can log in with, of this region alone. */
    static void admit(Region region) throws SQLException {
        region.execute(
                "SET sql_log_bin=0",
                "CREATE USER " + ACCOUNT + "@'%' IDENTIFIED WITH mysql_native_password BY '" + ACCOUNT + "'",
                "GRANT ALL ON *.* TO " + ACCOUNT + "@'%'");
    }

    /**
     * What a program said in the end.
     *
     * @param code its exit code
     * @param output all that it printed
     */
    record Ended(int code, String output) {}

    /** Changes a table of the database app while others write to it. */
    static Ended change(Region region, String table, String alteration, String... more)
            throws IOException, InterruptedException {
        ServerAddress address = region.server().address();
        List<String> words = new ArrayList<>(List.of("perl", HOME + "/usr/bin/pt-online-schema-change", "--execute"));
        words.addAll(List.of("--alter", alteration, "--recursion-method=none", "--no-version-check"));
        words.addAll(List.of("--charset=utf8mb4", "--set-vars=lock_wait_timeout=5"));
        words.addAll(List.of(more));
        words.add("h=127.0.0.1,P=%d,u=%s,p=%s,D=app,t=%s".formatted(address.port(), ACCOUNT, ACCOUNT, table));
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> environment = builder.environment();
        environment.put("HOME", HOME.toString()); // no ~/.my.cnf of whoever builds
        environment.put("PERL5LIB", HOME + "/usr/share/perl5:" + library("perl5"));
        environment.put(
                "LD_LIBRARY_PATH", String.valueOf(library("libmariadb.so.3").getParent()));
        return run(builder);
    }

    /** Where the one of this name is; of a directory the only one in it. */
    private static Path library(String name) throws IOException {
        try (var all = Files.find(
                HOME.resolve("usr/lib"),
                4,
                (path, what) -> path.getFileName().toString().equals(name))) {
            Path found = all.findFirst().orElseThrow();
            if (!Files.isDirectory(found)) {
                return found;
            }
            try (var versions = Files.list(found)) {
                return versions.findFirst().orElseThrow();
            }
        }
    }

    private static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path output = Files.createTempFile("percona-toolkit-", ".out");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return new Ended(-1, "no end after " + LIMIT_SECONDS + " s: " + read(output));
            }
            return new Ended(process.exitValue(), read(output));
        } catch (IOException e) {
            return new Ended(-1, e.toString());
        } finally {
            Files.delete(output);
        }
    }

    private static String read(Path output) throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }
}

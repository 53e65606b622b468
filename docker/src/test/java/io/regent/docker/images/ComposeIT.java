package io.regent.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.sql.local.Ports;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What compose.yaml's first lines tell an operator to type, and what must come of it. */
@Tag("drill")
@Tag("long")
@Timeout(300)
class ComposeIT {
    private static final Path FILE = Path.of("compose.yaml").toAbsolutePath();
    private static final Path UNPACKED =
            Path.of("target", "compose", "docker-compose").toAbsolutePath();
    private static final String PROJECT =
            "regent-test-" + ProcessHandle.current().pid();
    private static final String PASSWORD = "Of-a-test-0nly";
    private static final List<String> REGIONS = List.of("phx1", "aws1", "aws2");
    private static final Duration FOLLOWS = Duration.ofSeconds(30);

    private static final List<Integer> PORTS = Ports.free(2);
    private static final int WRITES = PORTS.get(0);
    private static final int READS = PORTS.get(1);

    private record Result(int exit, String output) {
        Result orFail() {
            assertThat(exit).as(output).isZero();
            return this;
        }
    }

    private static Result run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("REGENT_WRITE_PORT", Integer.toString(WRITES));
        builder.environment().put("REGENT_READ_PORT", Integer.toString(READS));
        for (String account : List.of("ROOT", "CAPTURE", "APPLY", "OBSERVE", "FENCE")) {
            builder.environment().put("REGENT_" + account + "_PASSWORD", PASSWORD);
        }
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        System.out.println(String.join(" ", command) + '\n' + output);
        return new Result(process.exitValue(), output);
    }

    /** The engine's own compose, or what docker/images/prepare unpacked. */
    private static Result compose(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                Files.isExecutable(UNPACKED) ? List.of(UNPACKED.toString()) : List.of("docker", "compose"));
        command.addAll(List.of("--project-name", PROJECT, "--file", FILE.toString(), "--ansi", "never"));
        command.addAll(List.of(words));
        return run(command);
    }

    private static Result dbctl(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("run", "--rm", "-T", "dbctl"));
        all.addAll(List.of(words));
        return compose(all.toArray(String[]::new));
    }

    private static Connection open(int port) throws SQLException {
        return Sessions.to(new ServerAddress("127.0.0.1", port), new Account("root", PASSWORD))
                .open();
    }

    /** Name of the server that HAProxy leads to, and what a query says there; empty while it leads nowhere. */
    private static Optional<String> ask(int port, String sql) {
        try (Connection session = open(port)) {
            return Statements.text(session, "SELECT CONCAT(@@hostname, ' ', (" + sql + "))");
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> writer() {
        return ask(WRITES, "SELECT @@read_only");
    }

    @BeforeAll
    static void comesUp() throws Exception {
        compose(
                        "up",
                        "--detach",
                        "--wait",
                        "mysql-phx1",
                        "mysql-aws1",
                        "mysql-aws2",
                        "zookeeper-phx1",
                        "zookeeper-aws1",
                        "zookeeper-aws2")
                .orFail();
        compose("run", "--rm", "-T", "init").orFail();
        compose("up", "--detach", "--wait").orFail();
    }

    @AfterAll
    static void goesWithoutATrace() throws Exception {
        compose("--profile", "tools", "down", "--volumes", "--timeout", "10").orFail();

        assertThat(run(List.of("docker", "ps", "--all", "--quiet", "--filter", "name=" + PROJECT))
                        .output())
                .isBlank();
        assertThat(run(List.of("docker", "network", "ls", "--quiet", "--filter", "name=" + PROJECT))
                        .output())
                .isBlank();
        assertThat(run(List.of("docker", "volume", "ls", "--quiet", "--filter", "name=" + PROJECT))
                        .output())
                .isBlank();
    }

    @Test
    void whatIsWrittenThroughHaproxyReachesAllRegionsAndAMoveTakesTheWritesAlong() throws Exception {
        await().atMost(FOLLOWS).until(() -> dbctl("status").exit() == 0);
        await().atMost(FOLLOWS).until(() -> writer().equals(Optional.of("mysql-phx1 0")));
        try (Connection session = open(WRITES);
                Statement statement = session.createStatement()) {
            statement.execute("CREATE DATABASE identity");
            statement.execute("CREATE TABLE identity.t (id INT PRIMARY KEY)");
            statement.execute("INSERT INTO identity.t VALUES (1)");
        }

        Set<String> read = new TreeSet<>();
        await().atMost(FOLLOWS).until(() -> {
            ask(READS, "SELECT COUNT(*) FROM identity.t").ifPresent(read::add);
            return read.containsAll(
                    REGIONS.stream().map(region -> "mysql-" + region + " 1").toList());
        });

        dbctl("promote", "aws1").orFail();
        await().atMost(FOLLOWS).until(() -> writer().equals(Optional.of("mysql-aws1 0")));
        try (Connection session = open(WRITES);
                Statement statement = session.createStatement()) {
            statement.execute("INSERT INTO identity.t VALUES (2)");
        }
    }

    @Test
    void eachCoordinatorHasMetricsForPrometheus() throws Exception {
        for (String region : REGIONS) {
            String get = "exec 3<>/dev/tcp/regent-" + region + "/8080;"
                    + " printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";

            assertThat(compose("exec", "-T", "regent-" + region, "bash", "-c", get)
                            .orFail()
                            .output())
                    .contains("200 OK", "# TYPE regent_");
        }
    }
}

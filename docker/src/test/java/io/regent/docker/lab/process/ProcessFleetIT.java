package io.regent.docker.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.JavaProcess;
import io.regent.docker.lab.fleet.MyCnf;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.process.FleetRecord.ProcessRecord;
import io.regent.sql.local.MysqlDistribution;
import io.regent.sql.local.Ports;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFleetIT {
    @TempDir
    private static Path directory;

    private static ProcessFleet fleet;

    @BeforeAll
    static void start() throws IOException {
        Path own = Files.writeString(
                directory.resolve("my.cnf"), "[mysqld]\ntable-open-cache = 401\nskip_show_database\n");
        FleetSettings settings =
                FleetSettings.identity(directory.resolve("fleet")).with(Optional.of(MyCnf.read(own)));
        fleet = ProcessFleet.start(settings);
    }

    @AfterAll
    static void stop() {
        fleet.stop();
    }

    private static void write(ProcessNode node, String sql) throws SQLException {
        try (Connection session = Sessions.to(
                                node.mysql().address(), fleet.settings().application())
                        .open();
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void theUsersOwnSettingsAreLaidOverTheFleets() throws Exception {
        for (Node node : fleet.nodes()) {
            try (Connection session = node.mysql().sessions().open()) {
                assertThat(Statements.text(session, "SELECT CONCAT_WS(' ', @@table_open_cache, @@skip_show_database)"))
                        .contains("401 1");
            }
        }
    }

    @Test
    void everyRegionHasAServerOfItsOwnThatTheApplicationCanUse() throws Exception {
        for (ProcessNode node : fleet.nodes()) {
            write(node, "CREATE DATABASE IF NOT EXISTS identity");
        }
        assertThat(fleet.nodes().stream().map(node -> node.mysql().address()).distinct())
                .hasSize(3);
    }

    @Test
    void eachCoordinatorSeesTheOthersServersThroughAWayThatCanBeHeld() throws Exception {
        ClusterConfig operator = ConfigFile.read(fleet.settings().configFile(), Map.of());
        ClusterConfig aws1 = ConfigFile.read(fleet.node("aws1").coordinator().configFile(), Map.of());

        assertThat(operator.regionNames()).containsExactly("phx1", "aws1", "aws2");
        assertThat(aws1.region()).contains("aws1");
        assertThat(aws1.region("aws1").orElseThrow().mysql())
                .isEqualTo(fleet.node("aws1").mysql().address());
        assertThat(aws1.region("phx1").orElseThrow().mysql())
                .isEqualTo(fleet.node("phx1").links().address());
        assertThat(operator.region("phx1").orElseThrow().mysql())
                .isEqualTo(fleet.node("phx1").mysql().address());
    }

    @Test
    void aKilledServerComesBackAtItsPlaceWithItsData() throws Exception {
        ProcessNode node = fleet.node("aws2");
        write(node, "CREATE DATABASE IF NOT EXISTS identity");
        write(node, "CREATE TABLE IF NOT EXISTS identity.t (id INT)");

        node.kill();
        assertThat(node.mysql().isAlive()).isFalse();
        node.mysql().start();

        write(node, "INSERT INTO identity.t VALUES (1)");
    }

    @Test
    void theRecordNamesWhatRuns() throws Exception {
        fleet.writeRecord();

        FleetRecord record = FleetRecord.read(fleet.settings().directory()).orElseThrow();

        assertThat(record).isEqualTo(fleet.record());
        assertThat(record.isRunning()).isTrue();
        assertThat(record.processes().stream().map(ProcessRecord::name))
                .containsExactly("zookeeper", "mysqld phx1", "mysqld aws1", "mysqld aws2");
        assertThat(record.processes()).allSatisfy(one -> assertThat(one.find()).isPresent());
        assertThat(new ProcessRecord("other", ProcessHandle.current().pid(), "2001-01-01T00:00:00Z").find())
                .isEmpty();
    }

    @Test
    void aCommandOfTheProductRunsAsAProcessOfItsOwn() {
        assertThat(fleet.dbctl()
                        .run(Duration.ofSeconds(60), line -> {}, "version")
                        .out())
                .anyMatch(line -> line.startsWith("regent "));
        assertThatThrownBy(() -> fleet.dbctl()
                        .run(Duration.ofSeconds(60), line -> {}, "no-such-command")
                        .orThrow())
                .hasMessageContaining("dbctl no-such-command answers exit code 2")
                .hasMessageContaining("unknown command");
    }

    @Test
    void nothingOutlivesAJvmThatIsKilled() throws Exception {
        Path own = directory.resolve("killed");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + MysqlDistribution.HOME_PROPERTY + "="
                                + System.getProperty(MysqlDistribution.HOME_PROPERTY),
                        "-cp",
                        JavaProcess.classPath(),
                        FleetProcess.class.getName(),
                        own.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        FleetRecord record;
        try (BufferedReader lines = jvm.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo("ready");
            record = FleetRecord.read(own).orElseThrow();
            assertThat(record.processes())
                    .hasSize(2)
                    .allSatisfy(one -> assertThat(one.find()).isPresent());
        } finally {
            jvm.destroyForcibly().waitFor();
        }

        await().atMost(Duration.ofSeconds(10))
                .until(() -> List.copyOf(record.processes()).stream()
                        .noneMatch(one -> one.find().isPresent()));
        assertThat(record.isRunning()).isFalse();
        int port = Integer.parseInt(record.zookeeper().replaceAll(".*:", ""));
        assertThat(Ports.isFree(port)).isTrue();
    }
}

package io.regent.coordinator.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters in native replication, under writes, that Regent takes over. */
@Timeout(240)
class AdoptIT {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    /** As {@code kill -9}: nothing of the command's own runs any more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static AdoptReport adopt(NativeTrio trio, Consumer<String> progress) throws Exception {
        ClusterConfig config = ConfigFile.read(trio.file(), Map.of());
        AdoptOrder order = new AdoptOrder(
                config,
                trio.mysql("phx1").root(),
                config.region("phx1").orElseThrow(),
                8,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                false);
        return new Takeover(order, progress).run(false);
    }

    private static void killedAt(NativeTrio trio, String line) {
        assertThatThrownBy(() -> adopt(trio, told -> {
                    if (told.startsWith(line)) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
    }

    /** No native applier may be there once links may begin. */
    private static void requireRest(NativeTrio trio) {
        try {
            for (String region : NativeTrio.REPLICAS) {
                assertThat(trio.threads(region)).as(region).isEqualTo("No/No");
                assertThat(trio.query(
                                region,
                                "SELECT COUNT(*) FROM performance_schema.persisted_variables WHERE"
                                        + " VARIABLE_NAME = 'skip_replica_start' AND VARIABLE_VALUE = 'ON'"))
                        .isEqualTo("1");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClusterUnderWritesIsTakenOverAndNothingIsLost() throws Exception {
        try (NativeTrio trio = new NativeTrio(directory, "aws1")) {
            trio.startCoordinators();
            Writer writer = Writer.to(trio, "phx1");
            writer.awaitMore(20);
            Shell.Outcome dry = trio.dbctl("adopt", "--master", "phx1", "--dry-run");
            assertThat(dry.out()).as(dry.err()).contains("would be adopted", "aws2 read from aws1");
            assertThat(dry.code()).isZero();
            assertThat(trio.dbctl("adopt", "--master", "phx1").code()).isEqualTo(1);
            assertThat(trio.query("phx1", "SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'regent%'"))
                    .isEqualTo("0");
            trio.awaitRunning("aws1");
            trio.awaitRunning("aws2");

            List<String> told = new ArrayList<>();
            AdoptReport report = adopt(trio, line -> {
                told.add(line);
                if (line.startsWith("phx1 is closed")) {
                    requireRest(trio);
                }
            });
            assertThat(report.problems()).isEmpty();
            assertThat(report.outcome()).isEqualTo("adopted");
            assertThat(report.pauseMillis()).isBetween(1L, LONGEST_PAUSE.toMillis());
            assertThat(told.indexOf("aws2: native replication is stopped, and does not start with mysqld"))
                    .isLessThan(told.indexOf("aws1: native replication is stopped, and does not start with mysqld"));
            writer.awaitMore(50);
            assertThat(writer.longestGap()).isLessThan(LONGEST_PAUSE);
            for (String region : NativeTrio.REPLICAS) {
                assertThat(trio.threads(region)).as("no channel is left").isEmpty();
            }
            trio.requireWhole(writer.stop());

            Shell.Outcome again = trio.dbctl("adopt", "--master", "phx1", "--yes");
            assertThat(again.out()).as(again.err()).contains("was adopted before");
            assertThat(again.code()).isZero();
            Shell.Outcome moved = trio.run("promote", "aws1");
            assertThat(moved.out()).as(moved.err()).contains("aws1 is master and open");
            trio.execute("aws1", "INSERT INTO app.t VALUES (-1, 'by the next master')");
            trio.requireWhole(new TreeSet<>(List.of(-1)));
        }
    }

    @Test
    void killedAnywhereItGoesOnWhenItIsRunAgain() throws Exception {
        try (NativeTrio trio = new NativeTrio(directory, "phx1")) {
            trio.startCoordinators();
            Writer writer = Writer.to(trio, "phx1");
            writer.awaitMore(20);
            killedAt(trio, "phx1: what was written");
            trio.awaitRunning("aws1");
            killedAt(trio, "aws");
            killedAt(trio, "phx1 is closed");
            requireRest(trio);
            writer.awaitMore(20);
            trio.mysql("aws1").restart();
            requireRest(trio);
            trio.execute("phx1", "SET GLOBAL super_read_only = ON");
            killedAt(trio, "phx1 is open again");
            requireRest(trio);
            writer.awaitMore(20);

            Shell.Outcome unfinished = trio.dbctl("adopt", "--master", "phx1", "--dry-run");
            assertThat(unfinished.out()).contains("aws1 still has its channel");
            AdoptReport report = adopt(trio, told -> {});
            assertThat(report.outcome()).isEqualTo("unchanged");
            assertThat(trio.threads("aws1") + trio.threads("aws2")).isEmpty();
            writer.awaitMore(20);
            trio.requireWhole(writer.stop());
        }
    }

    @Test
    void whatAClientBeganUnderFormerSettingsIsWaitedForAndCarriedNatively() throws Exception {
        try (NativeTrio trio = new NativeTrio(directory, "phx1")) {
            trio.startCoordinators();
            try (Connection client = trio.mysql("phx1").sessions().open();
                    Statement statement = client.createStatement()) {
                statement.execute("START TRANSACTION");
                statement.execute("INSERT INTO app.t VALUES (-7, 'without names of columns')");
                List<String> told = new CopyOnWriteArrayList<>();
                CompletableFuture<AdoptReport> report = CompletableFuture.supplyAsync(() -> {
                    try {
                        return adopt(trio, told::add);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(trio.query(
                                        "aws2",
                                        "SELECT COUNT(*) FROM"
                                                + " information_schema.EVENTS WHERE EVENT_SCHEMA = 'regent_local'"))
                                .as("every server is ready")
                                .isEqualTo("1"));
                await().during(Duration.ofSeconds(6))
                        .atMost(Duration.ofSeconds(7))
                        .untilAsserted(() -> assertThat(told).isEmpty());
                statement.execute("COMMIT");
                assertThat(report.get(60, TimeUnit.SECONDS).problems()).isEmpty();
                trio.requireWhole(new TreeSet<>(List.of(-7)));
            }
        }
    }

    @Test
    void whatHoldsTheClosingUpHasNativeReplicationGoOnAsBefore() throws Exception {
        try (NativeTrio trio = new NativeTrio(directory, "phx1")) {
            Shell.Outcome nobody = trio.dbctl("adopt", "--master", "phx1", "--yes");
            assertThat(nobody.out()).contains("no coordinator of phx1 answers", "it waits for the cluster");
            assertThat(nobody.code()).isEqualTo(1);
            trio.startCoordinators();
            trio.execute("aws1", "SET GLOBAL super_read_only = OFF", "CREATE DATABASE stray");
            Shell.Outcome errant = trio.dbctl("--json", "adopt", "--master", "phx1", "--yes");
            JsonNode problem =
                    new ObjectMapper().readTree(errant.out()).get("problems").get(0);
            assertThat(problem.asText()).contains("region aws1: it has 1 transactions that phx1 lacks");
            trio.execute(
                    "phx1",
                    "SET gtid_next = '" + trio.mysql("aws1").serverUuid() + ":1'",
                    "BEGIN",
                    "COMMIT",
                    "SET gtid_next = 'AUTOMATIC'");

            try (Connection client = trio.mysql("phx1").sessions().open();
                    Statement statement = client.createStatement()) {
                statement.execute("LOCK TABLES app.t WRITE");
                Shell.Outcome held = trio.dbctl("adopt", "--master", "phx1", "--yes", "--wait", "1");
                assertThat(held.out()).as(held.err()).contains("LOCK TABLES", "it would hold the closing up");
                assertThat(held.err()).doesNotContain("is closed for a moment");
                assertThat(held.code()).isEqualTo(1);
            }
            for (String region : NativeTrio.REPLICAS) {
                trio.awaitRunning(region);
                assertThat(trio.query(
                                region,
                                "SELECT COUNT(*) FROM performance_schema.persisted_variables WHERE"
                                        + " VARIABLE_NAME = 'skip_replica_start'"))
                        .isEqualTo("0");
            }
            assertThat(trio.query("phx1", "SELECT @@global.read_only")).isEqualTo("0");
            assertThat(adopt(trio, told -> {}).problems()).isEmpty();
            trio.requireWhole(new TreeSet<>());
        }
    }
}

package io.regent.coordinator.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.cli.migration.adopt.AdoptOrder;
import io.regent.coordinator.cli.migration.adopt.AdoptOrder.Waits;
import io.regent.coordinator.cli.migration.adopt.AdoptReport;
import io.regent.coordinator.cli.migration.adopt.Takeover;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.daemon.CoordinatorProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster in native replication, under writes all the time, that Regent takes over. Each test goes on with it. Its master
 * was opened against its option file. {@code -Dregent.adopt.kills=all}: each step x each of what may be away.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationIT {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final String PERSISTED =
            "SELECT COUNT(*) FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = '%s' AND VARIABLE_VALUE = '%s'";
    private static final String MARKED = "SELECT COUNT(*) FROM information_schema.TABLES"
            + " WHERE TABLE_SCHEMA = 'regent_local' AND TABLE_NAME = 'adoption'";

    private static final String READY = "every server has Regent's";
    private static final String IS_MARKED = "from here on";
    private static final String STOPPED = "aws2: native replication is stopped";
    private static final String CLOSING = "phx1 is closed for a moment";
    private static final String CLOSED = "phx1 takes no writes";
    private static final String FOUNDED = "cluster identity is founded";
    private static final String OPEN_AGAIN = "phx1 is open again, as before";

    @TempDir
    static Path directory;

    private static NativeTrio trio;
    private static Writer writer;

    @BeforeAll
    static void start() throws Exception {
        trio = new NativeTrio(directory, "aws1");
        writer = Writer.to(trio, "phx1");
    }

    @AfterAll
    static void stop() throws Exception {
        writer.close();
        trio.close();
    }

    private static AdoptReport adopt(Waits waits, Set<String> without, Consumer<String> progress) throws Exception {
        ClusterConfig config = ConfigFile.read(trio.file(), Map.of());
        AdoptOrder order = new AdoptOrder(
                config, trio.mysql("phx1").root(), config.region("phx1").orElseThrow(), 8, waits, false, without);
        return new Takeover(order, progress).run(false);
    }

    private static AdoptReport adopt(Consumer<String> progress) throws Exception {
        return adopt(new Waits(Duration.ofSeconds(60), Duration.ofSeconds(10)), Set.of(), progress);
    }

    /** A process, which ends at this line. */
    private static void killedAt(String line) throws Exception {
        Path log = directory.resolve("adopt.log");
        try (CoordinatorProcess process = CoordinatorProcess.run(
                log,
                DoomedAdopt.class.getName(),
                List.of(
                        trio.file().toString(),
                        "phx1",
                        trio.mysql("phx1").root().user(),
                        line))) {
            assertThat(process.awaitExit()).as(Files.readString(log)).isEqualTo(DoomedAdopt.EXIT);
        }
    }

    /** Run again, it undoes what there is, and is refused then, as somebody keeps what it would have to wait for. */
    private static List<String> undone() throws Exception {
        List<String> told = new ArrayList<>();
        try (Connection client = trio.mysql("phx1").sessions().open();
                Statement statement = client.createStatement()) {
            statement.execute("SET SESSION binlog_row_image = 'MINIMAL'");
            AdoptReport report = adopt(new Waits(Duration.ofSeconds(60), Duration.ZERO), Set.of(), told::add);
            assertThat(report.problems()).isNotEmpty().allMatch(one -> one.contains("binlog_row_image of sessions"));
        }
        requireNativeAsBefore();
        return told;
    }

    /** As if nobody had tried. */
    private static void requireNativeAsBefore() throws SQLException {
        for (String region : NativeTrio.REPLICAS) {
            trio.awaitRunning(region);
            assertThat(persisted(region, "skip_replica_start", "ON")).isFalse();
            assertThat(trio.query(region, "SELECT CONCAT(@@global.super_read_only, @@global.offline_mode)"))
                    .isEqualTo("10");
        }
        assertThat(trio.query("phx1", "SELECT @@global.read_only + @@global.offline_mode"))
                .isEqualTo("0");
        assertThat(persisted("phx1", "super_read_only", "ON")).isFalse();
        assertThat(persisted("phx1", "read_only", "OFF"))
                .as("it starts open, as before")
                .isTrue();
        for (String region : NativeTrio.NAMES) {
            assertThat(trio.query(region, MARKED)).as(region).isEqualTo("0");
        }
        writer.awaitMore(20);
    }

    private static String state(String region) {
        try {
            return trio.query(region, "SELECT @@global.read_only");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean persisted(String region, String name, String value) throws SQLException {
        return trio.query(region, PERSISTED.formatted(name, value)).equals("1");
    }

    private static void start(String region) {
        try {
            trio.execute(region, "START REPLICA");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(1)
    void whatStandsAgainstItIsNamedAndNativeReplicationGoesOn() throws Exception {
        Shell.Outcome nobody = trio.dbctl("adopt", "--master", "phx1", "--yes");
        assertThat(nobody.out()).contains("no coordinator of phx1 answers", "it waits for the cluster");
        assertThat(nobody.code()).isEqualTo(1);
        for (String region : NativeTrio.NAMES) {
            trio.startCoordinator(region);
        }
        Shell.Outcome dry = trio.dbctl("adopt", "--master", "phx1", "--dry-run");
        assertThat(dry.out()).as(dry.err()).contains("would be adopted", "aws2 read from aws1");
        assertThat(trio.query("phx1", "SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'regent%'"))
                .isEqualTo("0");
        try (Connection other = trio.mysql("aws1").sessions().open();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT GET_LOCK('regent.adopt', 0)");
            Shell.Outcome second = trio.dbctl("adopt", "--master", "phx1", "--yes");
            assertThat(second.err()).contains("another 'dbctl adopt'", "works on aws1", "KILL");
            assertThat(second.code()).isEqualTo(2);
        }

        try (Connection client = trio.mysql("phx1").sessions().open();
                Statement statement = client.createStatement()) {
            statement.execute("SET SESSION binlog_row_image = 'MINIMAL'");
            Shell.Outcome kept = trio.dbctl("adopt", "--master", "phx1", "--yes", "--wait", "0");
            assertThat(kept.out()).as(kept.err()).contains("binlog_row_image of sessions", "(MINIMAL)", "KILL ");
            assertThat(kept.code()).isEqualTo(1);
            requireNativeAsBefore();
            statement.execute("SET SESSION binlog_row_image = 'FULL'");
            statement.execute("CREATE TABLE app.locked (n INT PRIMARY KEY)");
            statement.execute("LOCK TABLES app.locked WRITE");
            Shell.Outcome held = trio.dbctl("adopt", "--master", "phx1", "--yes", "--wait", "1");
            assertThat(held.out()).as(held.err()).contains("LOCK TABLES", "it would hold the closing up");
            assertThat(held.err()).doesNotContain("is closed for a moment");
        }
        requireNativeAsBefore();
    }

    @Test
    @Order(2)
    void whateverFailsBetweenTheClosingAndTheFoundingHasTheMasterOpenAgain() throws Exception {
        List<String> states = new ArrayList<>();
        assertThatThrownBy(() -> adopt(told -> {
                    if (told.equals(CLOSED)) {
                        states.add(state("phx1"));
                        throw new AssertionError("something that nobody thought of");
                    }
                }))
                .hasMessageContaining("something that nobody thought of");
        assertThat(states).as("it was closed then").containsExactly("1");
        requireNativeAsBefore();
        assertThatThrownBy(() -> adopt(told -> {
                    if (told.equals(CLOSED)) {
                        start("aws1");
                    }
                }))
                .hasMessageContaining("aws1: somebody started its native replication again");
        requireNativeAsBefore();
        trio.mysql("phx1").restart();
        assertThat(state("phx1")).as("it starts open").isEqualTo("0");
        requireNativeAsBefore();
    }

    @Test
    @Order(3)
    void killedWhileReplicasStopItStartsThemAgain() throws Exception {
        killedAt(STOPPED);
        assertThat(trio.threads("aws2")).isEqualTo("No/No");
        assertThat(undone()).contains("aws2: native replication goes on").doesNotContain(OPEN_AGAIN);
    }

    @Test
    @Order(4)
    void killedBeforeTheClosingWhileZooKeeperIsAwayItGoesOnLater() throws Exception {
        killedAt(CLOSING);
        assertThat(persisted("phx1", "super_read_only", "ON")).isTrue();
        afterZooKeeperWasAway();
        undone();
    }

    @Test
    @Order(5)
    void killedWhileTheMasterIsClosedItIsOpenedOnlyIfNobodyElseMayBeOpen() throws Exception {
        killedAt(CLOSED);
        assertThat(state("phx1")).isEqualTo("1");
        aRunOfAnotherClusterUndoesNothing();
        trio.execute("aws1", "SET GLOBAL read_only = OFF");
        assertThatThrownBy(() -> adopt(told -> {})).hasMessageContaining("region aws1 takes writes");
        assertThat(state("phx1")).isEqualTo("1");
        trio.execute("aws1", "SET GLOBAL super_read_only = ON");
        trio.mysql("aws2").stop();
        assertThatThrownBy(() -> adopt(told -> {}))
                .hasMessageContaining("--without aws2")
                .hasMessageContaining("phx1 is closed by 'dbctl adopt'")
                .hasMessageContaining("START REPLICA FOR CHANNEL");
        try (ServerSocket refuses =
                new ServerSocket(trio.mysql("aws2").address().port(), 200, InetAddress.getLoopbackAddress())) {
            assertThat(refuses.isBound()).isTrue();
            assertThatThrownBy(() -> adoptWithout("aws2", told -> {})).hasMessageContaining("it answers, if not this");
        }
        assertThat(state("phx1")).isEqualTo("1");
        openedWithout("aws2");
        assertThat(undone()).contains("aws2: native replication goes on");
    }

    private static void aRunOfAnotherClusterUndoesNothing() throws Exception {
        String text = Files.readString(trio.file());
        Path other =
                Files.writeString(directory.resolve("other.yaml"), text.replace("cluster: identity", "cluster: other"));
        Path less = Files.writeString(directory.resolve("less.yaml"), text.replaceAll("(?m)^  aws2:.*\\R", ""));
        for (Path file : List.of(other, less)) {
            Shell.Outcome refused =
                    new Shell().run("adopt", "--master", "phx1", "--no-password", "--yes", "--config", file.toString());
            assertThat(refused.err()).contains("region phx1 is marked by", "of cluster identity", "aws1, aws2, phx1");
        }
        assertThat(state("phx1")).isEqualTo("1");
    }

    private static void adoptWithout(String region, Consumer<String> progress) throws Exception {
        adopt(new Waits(Duration.ofSeconds(60), Duration.ofSeconds(10)), Set.of(region), progress);
    }

    /** The killed run's session may still hold the lock of closers. */
    private static void openedWithout(String region) throws Exception {
        List<String> told = new ArrayList<>();
        try (Connection orphan = trio.mysql("phx1").sessions().open();
                Statement statement = orphan.createStatement()) {
            statement.execute("SELECT GET_LOCK('regent.state', 0)");
            assertThatThrownBy(() -> adoptWithout(region, told::add))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("region " + region);
            assertThat(orphan.isValid(1)).as("it closes nothing any more").isFalse();
        }
        assertThat(told).contains(OPEN_AGAIN);
        assertThat(state("phx1")).isEqualTo("0");
        writer.awaitMore(20);
        trio.mysql(region).start();
    }

    private static void afterZooKeeperWasAway() throws Exception {
        trio.zookeeper().stop();
        boolean closed = state("phx1").equals("1");
        assertThatThrownBy(() -> adopt(told -> {}))
                .hasMessageContaining("cannot reach ZooKeeper")
                .satisfies(e -> assertThat(e.getMessage().contains("phx1 is closed by 'dbctl adopt'"))
                        .isEqualTo(closed));
        trio.zookeeper().restart();
    }

    @Test
    @Order(6)
    @Timeout(600)
    @EnabledIfSystemProperty(named = "regent.adopt.kills", matches = "all")
    void killedAtAnyStepWhateverIsAwayThenItGoesOn() throws Exception {
        for (String line : List.of(READY, IS_MARKED, STOPPED, "aws1: native replication is stopped", CLOSING, CLOSED)) {
            killedAt(line);
            undone();
            killedAt(line);
            afterZooKeeperWasAway();
            undone();
            killedAt(line);
            boolean closed = state("phx1").equals("1");
            trio.mysql("aws2").stop();
            if (closed) {
                openedWithout("aws2");
            } else {
                assertThatThrownBy(() -> adopt(told -> {})).hasMessageContaining("region aws2");
                assertThat(state("phx1")).isEqualTo("0");
                trio.mysql("aws2").start();
            }
            undone();
        }
    }

    @Test
    @Order(7)
    void killedAfterTheFoundingItGoesOnAndNothingIsLost() throws Exception {
        trio.stopCoordinator("aws2");
        killedAt(FOUNDED);
        for (String region : NativeTrio.REPLICAS) {
            assertThat(trio.threads(region)).as(region).isEqualTo("No/No");
            assertThat(persisted(region, "skip_replica_start", "ON")).isTrue();
        }
        writer.awaitMore(20);
        afterZooKeeperWasAway();
        assertThat(trio.dbctl("adopt", "--master", "phx1", "--dry-run").out()).contains("aws1 still has its channel");
        AdoptReport early = adopt(new Waits(Duration.ofSeconds(1), Duration.ZERO), Set.of(), told -> {});
        assertThat(early.notes()).singleElement().asString().contains("aws2 has not executed yet");
        assertThat(trio.threads("aws2")).as("its relay logs stay").isEqualTo("No/No");
        trio.mysql("aws2").stop();
        assertThatThrownBy(() -> adopt(told -> {})).hasMessageContaining("aws2");
        trio.mysql("aws2").start();
        trio.startCoordinator("aws2");
        AdoptReport report = adopt(told -> {});
        assertThat(report.outcome()).isEqualTo("unchanged");
        assertThat(report.notes()).isEmpty();
        assertThat(trio.threads("aws1") + trio.threads("aws2")).isEmpty();
        whatOthersReplicateByIsLeftAlone();
        writer.awaitMore(20);
        assertThat(writer.longestGap()).isLessThan(LONGEST_PAUSE);
        trio.requireWhole(writer.stop());
    }

    private static void whatOthersReplicateByIsLeftAlone() throws Exception {
        trio.execute(
                "aws1",
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'elsewhere', SOURCE_AUTO_POSITION = 1 FOR CHANNEL 'x'");
        AdoptReport report = adopt(told -> {});
        assertThat(report.notes()).singleElement().asString().contains("'x'", "is not one that 'dbctl adopt' stopped");
        assertThat(trio.threads("aws1")).isEqualTo("No/No");
        trio.execute("aws1", "RESET REPLICA ALL FOR CHANNEL 'x'");
    }
}

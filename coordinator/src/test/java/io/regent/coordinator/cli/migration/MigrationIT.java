package io.regent.coordinator.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.cli.migration.adopt.AdoptOrder;
import io.regent.coordinator.cli.migration.adopt.AdoptReport;
import io.regent.coordinator.cli.migration.adopt.Takeover;
import io.regent.coordinator.cli.migration.leave.Handback;
import io.regent.coordinator.cli.migration.leave.LeaveOrder;
import io.regent.coordinator.cli.migration.leave.LeaveReport;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.daemon.CoordinatorProcess;
import io.regent.sql.channel.SourceTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster in native replication, under writes all the time, that Regent takes over and hands back. Each test goes on with it. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationIT {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    /** With what it takes to hand back longer than a lease and the dead-man need. */
    private static final Duration A_WHILE = Duration.ofSeconds(4);

    private static final String PERSISTED =
            "SELECT COUNT(*) FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = '%s' AND VARIABLE_VALUE = 'ON'";

    private static final String STARTS_OPEN = "SELECT COUNT(*) FROM performance_schema.persisted_variables"
            + " WHERE VARIABLE_NAME IN ('read_only', 'super_read_only') AND VARIABLE_VALUE = 'OFF'";

    @TempDir
    static Path directory;

    private static NativeTrio trio;
    private static Writer writer;
    private static List<CoordinatorProcess> processes = new ArrayList<>();

    /** As {@code kill -9}: nothing of the command's own runs any more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @BeforeAll
    static void start() throws Exception {
        trio = new NativeTrio(directory, "aws1");
        writer = Writer.to(trio, "phx1");
    }

    @AfterAll
    static void stop() throws Exception {
        writer.close();
        processes.forEach(CoordinatorProcess::close);
        trio.close();
    }

    /** Those that are master later, and halt when they are locked out, are processes. */
    private static void startCoordinators() throws Exception {
        trio.startCoordinator("phx1");
        trio.startCoordinator("aws2");
        processes.add(CoordinatorProcess.start(trio.file(), "aws1", "aws1-" + processes.size(), directory));
        trio.awaitListening("aws1");
    }

    private static void stopCoordinators() throws Exception {
        trio.stopCoordinator("phx1");
        trio.stopCoordinator("aws2");
        for (CoordinatorProcess process : processes) {
            process.kill();
        }
    }

    private static AdoptReport adopt(String master, Consumer<String> progress) throws Exception {
        return adopt(master, Duration.ofSeconds(60), progress);
    }

    private static AdoptReport adopt(String master, Duration timeout, Consumer<String> progress) throws Exception {
        ClusterConfig config = ConfigFile.read(trio.file(), Map.of());
        AdoptOrder order = new AdoptOrder(
                config,
                trio.mysql(master).root(),
                config.region(master).orElseThrow(),
                8,
                timeout,
                Duration.ofSeconds(10),
                false);
        return new Takeover(order, progress).run(false);
    }

    private static LeaveReport leave(Consumer<String> progress) throws Exception {
        return leaveOf("aws1", progress);
    }

    private static LeaveReport leaveOf(String source, Consumer<String> progress) throws Exception {
        ClusterConfig config = ConfigFile.read(trio.file(), Map.of());
        LeaveOrder order = new LeaveOrder(
                config,
                trio.mysql(source).root(),
                config.region(source).orElseThrow(),
                NativeTrio.REPLICATION,
                SourceTls.OFF,
                Duration.ofSeconds(60));
        return new Handback(order, progress).run(false);
    }

    private static Consumer<String> killedAt(String line) {
        return told -> {
            if (told.startsWith(line)) {
                throw new Killed();
            }
        };
    }

    private static void adoptKilledAt(String line) {
        assertThatThrownBy(() -> adopt("phx1", killedAt(line))).isInstanceOf(Killed.class);
    }

    private static void leaveKilledAt(String line) {
        assertThatThrownBy(() -> leave(killedAt(line))).isInstanceOf(Killed.class);
    }

    /** No native applier may be there once links may begin. */
    private static void requireRest() throws SQLException {
        for (String region : NativeTrio.REPLICAS) {
            assertThat(trio.threads(region)).as(region).isEqualTo("No/No");
            assertThat(trio.query(region, PERSISTED.formatted("skip_replica_start")))
                    .isEqualTo("1");
        }
    }

    /** As if nobody had tried. */
    private static void requireNativeAsBefore() throws SQLException {
        for (String region : NativeTrio.REPLICAS) {
            trio.awaitRunning(region);
            assertThat(trio.query(region, PERSISTED.formatted("skip_replica_start")))
                    .isEqualTo("0");
        }
        assertThat(trio.query("phx1", "SELECT @@global.read_only + @@global.offline_mode"))
                .isEqualTo("0");
        assertThat(trio.query("phx1", PERSISTED.formatted("super_read_only")))
                .as("it would start open")
                .isEqualTo("0");
        writer.awaitMore(20);
    }

    @Test
    @Order(1)
    void whatStandsAgainstItIsNamedAndNativeReplicationGoesOn() throws Exception {
        Shell.Outcome nobody = trio.dbctl("adopt", "--master", "phx1", "--yes");
        assertThat(nobody.out()).contains("no coordinator of phx1 answers", "it waits for the cluster");
        assertThat(nobody.code()).isEqualTo(1);
        startCoordinators();
        Shell.Outcome dry = trio.dbctl("adopt", "--master", "phx1", "--dry-run");
        assertThat(dry.out()).as(dry.err()).contains("would be adopted", "aws2 read from aws1");
        assertThat(trio.query("phx1", "SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'regent%'"))
                .isEqualTo("0");
        try (Connection other = trio.mysql("aws1").sessions().open();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT GET_LOCK('regent.adopt', 0)");
            Shell.Outcome second = trio.dbctl("adopt", "--master", "phx1", "--yes");
            assertThat(second.err()).contains("another 'dbctl adopt'", "works on aws1");
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
        assertThatThrownBy(() -> adopt("phx1", told -> {
                    if (told.equals("phx1 takes no writes")) {
                        states.add(state("phx1"));
                        throw new IllegalStateException("something that nobody thought of");
                    }
                }))
                .hasMessageContaining("something that nobody thought of");
        assertThat(states).as("it was closed then").containsExactly("1");
        requireNativeAsBefore();
        assertThatThrownBy(() -> adopt("phx1", told -> {
                    if (told.equals("phx1 takes no writes")) {
                        start("aws1");
                    }
                }))
                .hasMessageContaining("aws1: somebody started its native replication again");
        requireNativeAsBefore();
    }

    private static String state(String region) {
        try {
            return trio.query(region, "SELECT @@global.read_only");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String persisted(String region) {
        try {
            return trio.query(region, PERSISTED.formatted("super_read_only"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(String region) {
        try {
            trio.execute(region, "START REPLICA");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(3)
    void killedAnywhereItGoesOnWhenItIsRunAgainAndNothingIsLost() throws Exception {
        adoptKilledAt("aws2: native replication is stopped");
        writer.awaitMore(20);
        adoptKilledAt("phx1 is closed for a moment");
        assertThat(trio.query("phx1", PERSISTED.formatted("super_read_only"))).isEqualTo("1");
        List<String> starts = new ArrayList<>();
        assertThatThrownBy(() -> adopt("phx1", told -> {
                    if (told.startsWith("phx1: what was written")) {
                        starts.add(persisted("phx1"));
                    }
                    killedAt("phx1 takes no writes").accept(told);
                }))
                .isInstanceOf(Killed.class);
        assertThat(starts).as("it starts open again").containsExactly("0");
        assertThat(state("phx1")).isEqualTo("1");
        requireRest();
        aClosedMasterIsOpenedThoughAReplicaIsGone();
        trio.stopCoordinator("aws2");
        List<String> told = new ArrayList<>();
        assertThatThrownBy(() -> assertThat(adopt("phx1", line -> {
                                    told.add(line);
                                    killedAt("phx1 is open again after").accept(line);
                                })
                                .problems())
                        .isEmpty())
                .isInstanceOf(Killed.class);
        assertThat(told).doesNotContain("phx1 is open again, as before");
        requireRest();
        writer.awaitMore(20);
        assertThat(trio.dbctl("adopt", "--master", "phx1", "--dry-run").out()).contains("aws1 still has its channel");

        AdoptReport early = adopt("phx1", Duration.ofSeconds(1), line -> {});
        assertThat(early.notes()).singleElement().asString().contains("aws2 has not executed yet");
        assertThat(trio.threads("aws2")).as("its relay logs stay").isEqualTo("No/No");
        trio.startCoordinator("aws2");
        AdoptReport report = adopt("phx1", line -> {});
        assertThat(report.outcome()).isEqualTo("unchanged");
        assertThat(report.notes()).isEmpty();
        assertThat(trio.threads("aws1") + trio.threads("aws2")).isEmpty();
        writer.awaitMore(20);
        assertThat(writer.longestGap()).isLessThan(LONGEST_PAUSE);
        trio.requireWhole(writer.stop());
    }

    /** Somebody started a replica, another is gone, and the killed run's session still holds the lock of closers. */
    private static void aClosedMasterIsOpenedThoughAReplicaIsGone() throws Exception {
        trio.mysql("aws1").stop();
        start("aws2");
        try (Connection orphan = trio.mysql("phx1").sessions().open();
                Statement statement = orphan.createStatement()) {
            statement.execute("SET GLOBAL offline_mode = ON");
            statement.execute("SELECT GET_LOCK('regent.state', 0)");
            List<String> told = new ArrayList<>();
            assertThatThrownBy(() -> adopt("phx1", told::add)).hasMessageContaining("region aws1");
            assertThat(told).contains("phx1 is open again, as before");
            assertThat(orphan.isValid(1)).as("it closes nothing any more").isFalse();
        }
        assertThat(state("phx1")).isEqualTo("0");
        writer.awaitMore(20);
        trio.mysql("aws1").start();
        assertThat(trio.threads("aws1")).as("it does not start with mysqld").isEqualTo("No/No");
        trio.awaitRunning("aws2");
    }

    @Test
    @Order(4)
    void aMoveThatIsOrderedMeanwhileAndARegionThatTheFileLacksEndTheHandingBack() throws Exception {
        String file = Files.readString(trio.file());
        Path less = Files.writeString(directory.resolve("less.yaml"), file.replaceAll("(?m)^  aws2:.*\\R", ""));
        Shell.Outcome unnamed =
                new Shell().run("leave", "--source", "phx1", "--no-password", "--yes", "--config", less.toString());
        assertThat(unnamed.out()).as(unnamed.err()).contains("ZooKeeper has region aws2, which the file does not name");
        assertThat(unnamed.code()).isEqualTo(1);

        Shell.Outcome other = trio.dbctl("leave", "--source", "aws1", "--yes");
        assertThat(other.out()).as(other.err()).contains("the master is phx1, not aws1", "dbctl promote aws1");
        LeaveReport moved = leaveOf("phx1", told -> {
            if (told.equals("ready to be handed back")) {
                assertThat(trio.run("promote", "aws1").out()).contains("aws1 is master and open");
            }
        });
        assertThat(moved.problems()).anyMatch(problem -> problem.contains("the cluster changed meanwhile"));
        assertThat(state("aws1") + state("phx1")).isEqualTo("01");
        assertThat(trio.run("policy").out()).doesNotContain("PAUSED");
        writer = Writer.to(trio, "aws1");
        writer.awaitMore(20);
    }

    @Test
    @Order(5)
    void killedAnywhereTheHandingBackGoesOnWhenItIsRunAgain() throws Exception {
        trio.execute("aws1", "SET PERSIST_ONLY read_only = 'ON'");
        leaveKilledAt("no region takes over");
        leaveKilledAt("nobody is master by ZooKeeper");
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(
                        () -> assertThat(state("aws1")).as("its lease is over").isEqualTo("1"));
        assertThat(state("phx1") + state("aws2")).as("nobody takes over").isEqualTo("11");
        leaveKilledAt("aws1: Regent's accounts are locked");
        Shell.Outcome refounded = trio.dbctl("init", "--adopt-epoch", "--master", "aws2");
        assertThat(refounded.out() + refounded.err())
                .contains("is being let go of by 'dbctl leave'", "dbctl leave --source");
        leaveKilledAt("phx1 replicates natively");
        writer.awaitMore(20);
        LeaveReport report = leave(told -> {});
        assertThat(report.problems()).isEmpty();
        assertThat(report.outcome()).isEqualTo("left");
        requireHandedBack();
        forgetAndRemove(report);
    }

    private static void requireHandedBack() throws SQLException {
        assertThat(trio.query("aws1", "SELECT @@global.read_only + @@global.offline_mode"))
                .isEqualTo("0");
        assertThat(trio.query("aws1", STARTS_OPEN)).as("it starts open").isEqualTo("2");
        for (String region : List.of("phx1", "aws2")) {
            assertThat(trio.threads(region)).as(region).isEqualTo("Yes/Yes");
            assertThat(trio.query(region, "SELECT CONCAT(@@global.super_read_only, @@global.offline_mode)"))
                    .isEqualTo("10");
            assertThat(trio.query(
                            region,
                            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER LIKE 'regent_apply%'"))
                    .isEqualTo("0");
        }
    }

    private static void forgetAndRemove(LeaveReport report) throws Exception {
        Shell.Outcome again = trio.dbctl("adopt", "--master", "aws1", "--yes");
        assertThat(again.out()).contains("handed back to native replication from aws1", "--forget");
        stopCoordinators();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Shell.Outcome forgotten = trio.dbctl("leave", "--source", "aws1", "--forget", "--yes");
            assertThat(forgotten.out()).as(forgotten.err()).contains("removed from ZooKeeper");
        });
        for (String region : NativeTrio.NAMES) {
            remove(region, report.remains());
        }
    }

    /** As it was told. */
    private static void remove(String region, List<String> told) throws Exception {
        List<String> statements = told.stream()
                .filter(line -> line.startsWith("    "))
                .flatMap(line -> Stream.of(line.replaceAll("--.*", "").split(";", -1)))
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
        assertThat(statements).hasSizeGreaterThan(6);
        trio.execute(region, statements.toArray(String[]::new));
    }

    @Test
    @Order(6)
    void adoptedAgainAndHandedBackTheMasterTakesWritesAllTheTimeAndNothingIsLost() throws Exception {
        startCoordinators();
        AdoptReport adopted = adopt("aws1", told -> {});
        assertThat(adopted.problems()).isEmpty();
        assertThat(adopted.outcome()).isEqualTo("adopted");
        assertThat(trio.query("aws1", STARTS_OPEN)).as("it starts SEALED").isEqualTo("0");
        assertThat(adopted.pauseMillis()).isBetween(1L, LONGEST_PAUSE.toMillis());
        trio.awaitLinks("aws1");
        writer.awaitMore(20);
        LeaveReport report = leave(told -> {});
        assertThat(report.problems()).isEmpty();
        assertThat(report.pauseMillis()).as("it was open all the time").isZero();
        trio.execute("aws1", "SET sql_log_bin = 0", "DROP SCHEMA regent_local");
        await().during(A_WHILE).atMost(A_WHILE.plusSeconds(2)).untilAsserted(MigrationIT::requireHandedBack);
        trio.requireWhole(writer.stop());
        trio.mysql("aws1").restart();
        assertThat(state("aws1")).as("it starts open").isEqualTo("0");
        assertThat(processes.get(processes.size() - 1).awaitExit())
                .as("its lease ended, and it was locked out")
                .isEqualTo(70);
    }
}

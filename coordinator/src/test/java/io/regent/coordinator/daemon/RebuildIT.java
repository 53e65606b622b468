package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.failover.model.Origin;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.rebuild.AutoCnf;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A region in which somebody defined something by hand cannot be rewound: it is rebuilt from another, under load. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int GIVEN_OUT = 5_000;

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Daemon aws1;
    private static Daemon phx1;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        phx1 = regions.start("phx1", "phx1-1");
        aws1 = regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        regions.awaitOpen("phx1", SOON);
        regions.write(
                "phx1",
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id BIGINT AUTO_INCREMENT PRIMARY KEY, a VARCHAR(20))",
                Load.TABLE,
                "INSERT INTO app.t (a) VALUES ('kept')");
        regions.awaitEqual(SOON);
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    /** As an administrator may, at a STANDBY. */
    private static GtidSet diverge(String region, String table) throws Exception {
        GtidSet before = regions.executed(region);
        try (Connection root = regions.mysql(region).sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("CREATE TABLE app." + table + " (id INT PRIMARY KEY)");
            statement.execute("INSERT INTO app.t (id, a) VALUES (" + GIVEN_OUT + ", '" + table + "')");
        }
        String uuid = regions.mysql(region).serverUuid().toString();
        GtidSet strays = regions.executed(region).subtract(before).restrictedTo(UUID.fromString(uuid)::equals);
        assertThat(strays.count()).isEqualTo(2);
        return strays;
    }

    private static Shell.Outcome run(String... words) {
        return new Shell().run(all(words).toArray(String[]::new));
    }

    private static List<String> all(String... words) {
        List<String> all = new ArrayList<>(List.of("region"));
        all.addAll(List.of(words));
        all.addAll(List.of(
                "--no-password", "--timeout", "60", "--config", regions.file().toString()));
        return all;
    }

    private static Shell.Outcome supervised(String region, String... words) throws Exception {
        return Supervisor.run(regions.mysql(region), all(words).toArray(String[]::new));
    }

    private static void isRebuilt(String region, int slot, UUID old, GtidSet strays, String table) throws Exception {
        UUID now = regions.mysql(region).serverUuid();
        assertThat(now).isNotEqualTo(old);
        assertThat(regions.cluster().origin(region)).contains(now);
        assertThat(regions.cluster().originsOf(region).map(Origin::uuid)).contains(old);
        await().atMost(SOON)
                .until(() -> regions.executed(region)
                        .contains(regions.executed("aws2").subtract(strays)));
        String tables = regions.query(
                region, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME = '" + table + "'");
        assertThat(tables).isEqualTo("0");
        assertThat(regions.query(region, "SELECT @@auto_increment_offset")).isEqualTo(Integer.toString(slot));
        assertThat(regions.query(region, "SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'regent\\_clone\\_%'"))
                .isEqualTo("0");
        for (String source : List.of("aws1", "aws2")) {
            assertThat(regions.query(source, "SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'regent\\_clone\\_%'"))
                    .as(source)
                    .isEqualTo("0");
        }
    }

    @Test
    @Order(1)
    void aRegionThatCannotBeRewoundIsRebuiltUnderLoadAndCanBeMaster() throws Exception {
        UUID old = regions.mysql("aws1").serverUuid();
        GtidSet strays = diverge("aws1", "stray");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(aws1.status().loop().reason()).contains("dbctl region rebuild aws1 --from"));
        RunbookPage.of("RegionDiverged").everyCommandAnswers("aws1", regions.file());
        try (Load load = Load.start(regions, PAUSE)) {
            Shell.Outcome told = run("rebuild", "aws1", "--from", "aws2", "--dry-run");
            assertThat(told.out()).contains("would be done: all data of aws1 is replaced by a copy of aws2");
            assertThat(told.code()).isZero();
            Shell.Outcome unsure = run("rebuild", "aws1");
            assertThat(unsure.out()).contains("say --yes").contains("a copy of aws2");
            assertThat(unsure.code()).isEqualTo(1);
            assertThat(regions.executed("aws1").contains(strays)).isTrue();

            nothingIsClaimedWhenTheSourceCannotBeMadeReady(old);
            UUID claimed = itSaysWhatToDoWhenItFailsAfterTheClaim(old);
            Shell.Outcome done = supervised("aws1", "rebuild", "aws1", "--from", "aws2", "--yes");
            assertThat(done.code()).as(done.out() + done.err()).isZero();
            isRebuilt("aws1", 2, old, strays, "stray");
            assertThat(regions.mysql("aws1").serverUuid()).isEqualTo(claimed);
            await().atMost(SOON).until(() -> regions.executed("aws1").contains(regions.executed("phx1")));
            regions.promote("aws1");
            regions.awaitOpen("aws1", SOON);
            int before = load.writes("aws1").size();
            await().atMost(SOON).until(() -> load.writes("aws1").size() > before + 20);
            Books books = new Books(regions, load.stop());
            regions.awaitEqual(SOON);
            books.nothingIsLost();
            books.oneMasterAtATime();
        }
        regions.write("aws1", "INSERT INTO app.t (a) VALUES ('new')");
        regions.awaitEqual(SOON);
        regions.verify();
        int id = Integer.parseInt(regions.query("phx1", "SELECT id FROM app.t WHERE a = 'new'"));
        assertThat(id % 8).isEqualTo(2);
        assertThat(id)
                .as("what it gave out before it was rebuilt is nobody else's")
                .isGreaterThan(GIVEN_OUT);
        UUID now = regions.mysql("aws1").serverUuid();
        assertThat(regions.executed("phx1").restrictedTo(now::equals).isEmpty()).isFalse();
    }

    private static void nothingIsClaimedWhenTheSourceCannotBeMadeReady(UUID old) throws Exception {
        CompletableFuture<Shell.Outcome> running;
        try (Connection client = regions.mysql("aws2").sessions().open();
                Statement statement = client.createStatement()) {
            statement.execute("LOCK TABLES app.t READ");
            running = CompletableFuture.supplyAsync(() -> run("rebuild", "aws1", "--from", "aws2", "--yes"));
            String waiting = "SELECT COALESCE(GROUP_CONCAT(ID), '') FROM information_schema.PROCESSLIST"
                    + " WHERE INFO LIKE 'LOCK TABLES%' AND STATE = 'Waiting for table metadata lock'";
            // A coordinator that raises numbers may wait there too.
            await().atMost(SOON).until(() -> {
                for (String id : regions.query("aws2", waiting).split(",", -1)) {
                    interrupt(statement, id);
                }
                return running.isDone();
            });
        }
        Shell.Outcome failed = running.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(failed.code()).as(failed.out() + failed.err()).isEqualTo(2);
        assertThat(failed.err()).doesNotContain("was claimed");
        isAsItWas(old, old);
    }

    private static void interrupt(Statement statement, String id) throws SQLException {
        try {
            if (!id.isEmpty()) {
                statement.execute("KILL QUERY " + id);
            }
        } catch (SQLException e) {
            if (!MysqlErrors.is(e, MysqlErrors.NO_SUCH_THREAD)) {
                throw e;
            }
        }
    }

    private static UUID itSaysWhatToDoWhenItFailsAfterTheClaim(UUID old) throws Exception {
        Path inTheWay =
                Files.createDirectories(regions.mysql("aws1").dataDirectory().resolve("auto.cnf.before/x"));
        Shell.Outcome failed = run("rebuild", "aws1", "--from", "aws2", "--yes");
        Files.delete(inTheWay);
        Files.delete(regions.mysql("aws1").dataDirectory().resolve("auto.cnf.before"));
        UUID claimed = regions.cluster().origin("aws1").orElseThrow();
        assertThat(claimed).isNotEqualTo(old);
        assertThat(failed.code()).as(failed.out() + failed.err()).isEqualTo(2);
        assertThat(failed.err())
                .contains("cannot write")
                .contains("the data of aws1 is as it was, but the server uuid " + claimed + " was claimed for it")
                .contains("run this again");
        isAsItWas(old, claimed);
        return claimed;
    }

    private static void isAsItWas(UUID old, UUID origin) throws Exception {
        assertThat(regions.cluster().origin("aws1")).contains(origin);
        assertThat(Files.readString(regions.mysql("aws1").dataDirectory().resolve("auto.cnf")))
                .contains(old.toString());
        assertThat(regions.query("aws1", "SELECT server_uuid FROM regent_local.identity"))
                .isEqualTo(old.toString());
        String accounts = "SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'regent\\_clone\\_%'";
        assertThat(regions.query("aws2", accounts)).isEqualTo("0");
    }

    @Test
    @Order(2)
    void killedWhereverTheCommandGoesOnWhenItIsRunAgain() throws Exception {
        UUID old = regions.mysql("phx1").serverUuid();
        GtidSet strays = diverge("phx1", "other");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(phx1.status().loop().reason()).contains("region rebuild phx1 --from"));

        // One of the master's own, whose definer may write in a STANDBY too.
        String ticks = "CREATE EVENT app.tick ON SCHEDULE EVERY 1 SECOND DO INSERT INTO app.t (a) VALUES ('tick')";
        asRoot("aws1", ticks);

        Path begun = directory.resolve("begun.log");
        try (CoordinatorProcess command =
                CoordinatorProcess.run(begun, all("rebuild", "phx1", "--from", "aws1", "--yes"))) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> Files.readString(begun).contains("cloning aws1 into phx1"));
            command.kill();
        }
        assertThat(Files.readString(begun)).contains("all data of phx1 is replaced by a copy of aws1");
        UUID claimed = regions.cluster().origin("phx1").orElseThrow();
        assertThat(claimed).isNotEqualTo(old).isEqualTo(regions.mysql("phx1").serverUuid());

        LocalMysql mysql = regions.mysql("phx1");
        Path copied = directory.resolve("copied.log");
        if (!mysql.isAlive()) {
            mysql.start();
        }
        try (CoordinatorProcess command =
                CoordinatorProcess.run(copied, all("rebuild", "phx1", "--from", "aws1", "--yes"))) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !mysql.isAlive() || !command.isAlive());
            command.kill();
        }
        // It may still be on its way down.
        await().atMost(SOON).untilAsserted(() -> {
            if (!mysql.isAlive()) {
                mysql.start();
            }
            assertThat(phx1.status().loop().reason()).contains("its data is a copy");
        });
        assertThat(regions.query("phx1", "SELECT @@super_read_only")).isEqualTo("1");

        Shell.Outcome done = supervised("phx1", "rebuild", "phx1", "--from", "aws2", "--yes");
        assertThat(done.code()).as(done.out() + done.err()).isZero();
        assertThat(done.out()).contains("a copy of aws1 already").contains("and the data of aws1;");
        assertThat(done.err()).contains("disabled in phx1: app.tick");
        assertThat(regions.mysql("phx1").serverUuid()).isEqualTo(claimed);
        isRebuilt("phx1", 1, old, strays, "other");
        asRoot("aws1", "DROP EVENT app.tick");
        asRoot("phx1", "DROP EVENT app.tick");
        assertThat(regions.executed("phx1").restrictedTo(claimed::equals).isEmpty())
                .as("the event did not write here")
                .isTrue();
        regions.awaitEqual(SOON);
        regions.verify();
    }

    /** Not logged. */
    private static void asRoot(String region, String... statements) throws Exception {
        try (Connection root = regions.mysql(region).sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("SET sql_log_bin = 0");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    @Order(3)
    void whatACloneLeftThatWasBrokenOffIsNoMember() throws Exception {
        LocalMysql donor = regions.mysql("aws2");
        // Enough that a copy is not over before its speed is first held down, after a second.
        regions.write(
                regions.master(),
                "CREATE TABLE app.wide (id INT PRIMARY KEY, b LONGBLOB)",
                "INSERT INTO app.wide VALUES (1, REPEAT('regent', 7000000))");
        await().atMost(SOON)
                .until(() ->
                        regions.query("aws2", "SELECT COUNT(*) FROM app.wide").equals("1"));
        asRoot(
                "phx1",
                "SET GLOBAL clone_max_network_bandwidth = 1",
                "SET GLOBAL clone_autotune_concurrency = OFF",
                "SET GLOBAL clone_max_concurrency = 1");
        CompletableFuture<Shell.Outcome> running =
                CompletableFuture.supplyAsync(() -> run("rebuild", "phx1", "--from", "aws2", "--yes"));
        String copying = "SELECT COUNT(*) FROM performance_schema.clone_progress"
                + " WHERE STAGE = 'FILE COPY' AND STATE = 'In Progress' AND DATA > 2000000"; // two seconds: two looks
        // and more
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> running.isDone() || regions.query("phx1", copying).equals("1"));
        donor.kill();
        // By itself it would wait for its donor for five minutes.
        asRoot("phx1", "KILL QUERY " + regions.query("phx1", "SELECT PID FROM performance_schema.clone_status"));
        Shell.Outcome broken = running.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(broken.code()).as(broken.out() + broken.err()).isEqualTo(2);
        assertThat(broken.err())
                .contains("The old data is gone or half gone", "may be left in aws2")
                .as("how far it had come")
                .containsPattern("file copy: \\d+ of \\d+ MB");

        regions.mysql("phx1").restart();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(phx1.status().loop().reason()).contains("MySQL"));
        asRoot("phx1", "SET GLOBAL super_read_only = OFF");
        String file = regions.file().toString();
        Shell.Outcome init = new Shell().run("init", "--region", "phx1", "--no-password", "--config", file);
        assertThat(init.code()).as(init.out() + init.err()).isEqualTo(1);
        assertThat(init.out()).contains("the cluster knows a server of phx1").contains("'dbctl region rebuild phx1'");
        Shell.Outcome rejoin = run("rejoin", "phx1", "--new-uuid", "--yes");
        assertThat(rejoin.code()).isEqualTo(1);
        assertThat(rejoin.out()).contains("'dbctl region rebuild phx1' replaces its data");

        donor.start();
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        run("rebuild", "phx1", "--from", "aws2", "--dry-run").code() == 0);
        UUID before = regions.mysql("phx1").serverUuid();
        Shell.Outcome done = supervised("phx1", "rebuild", "phx1", "--from", "aws2", "--yes");
        assertThat(done.code()).as(done.out() + done.err()).isZero();
        isRebuilt("phx1", 1, before, GtidSet.EMPTY, "nothing");
        regions.awaitEqual(SOON);
        regions.verify();
    }

    @Test
    @Order(4)
    void theFileOfAnotherMysqldWithTheSamePathsAndUuidIsNotWritten() throws Exception {
        LocalMysql here = regions.mysql("aws2");
        UUID there = regions.mysql("phx1").serverUuid();
        Path file = here.dataDirectory().resolve("auto.cnf");
        String own = Files.readString(file);
        try (Connection phx1Session = regions.mysql("phx1").sessions().open();
                Connection aws2Session = here.sessions().open()) {
            ServerPlace place = ServerPlace.read(aws2Session);
            ServerPlace copy = new ServerPlace(place.dataDirectory(), place.pidFile(), place.binlogIndex(), there);
            Files.writeString(file, AutoCnf.text(there));
            assertThat(AutoCnf.of(phx1Session, copy, UUID.randomUUID()))
                    .as("it is on the host of a copy of its machine")
                    .isEmpty();
            Files.writeString(file, own);
            assertThat(AutoCnf.of(aws2Session, place, UUID.randomUUID())).isPresent();
        } finally {
            Files.writeString(file, own);
        }
    }
}

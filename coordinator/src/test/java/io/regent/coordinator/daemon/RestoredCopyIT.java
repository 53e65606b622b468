package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.failover.timing.Timing;
import io.regent.failover.timing.Timing.Patience;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The data directory of the master is replaced by a copy from a moment before. */
@Timeout(180)
class RestoredCopyIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    /** A region that is named and can't open gives up soon. */
    private static final Duration STUCK = Duration.ofSeconds(8);

    private ThreeRegions regions;
    private Daemon coordinator;
    private Path copy;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        regions = new ThreeRegions(directory, timing());
        copy = directory.resolve("copy");
        coordinator = regions.start("phx1", "phx1-1");
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");

        LocalMysql mysql = regions.mysql("phx1");
        mysql.kill();
        copy(mysql.dataDirectory(), copy);
        mysql.start();
        regions.awaitOpen("phx1", SOON);
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            regions.write("phx1", "INSERT INTO app.t VALUES (1)");
            assertThat(regions.query("phx1", "SELECT COUNT(*) FROM app.t")).isEqualTo("1");
        });
    }

    private static Timing timing() {
        Timing usual = Timing.standard();
        Patience patience = usual.patience();
        return new Timing(
                usual.ttl(),
                usual.period(),
                usual.margin(),
                usual.session(),
                usual.tick(),
                usual.drift(),
                usual.deadMan(),
                new Patience(patience.union(), patience.death(), STUCK, patience.lag()));
    }

    @AfterEach
    void close() throws IOException {
        regions.close();
    }

    @Test
    void itIsNotOpenedAgainAndItsNumbersAreGivenOutOnce() throws Exception {
        long renewed = regions.cluster().region("phx1").lease().version();
        await().atMost(SOON)
                .until(() -> regions.cluster().region("phx1").lease().version() > renewed + 1);
        putBack();
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(coordinator.status().loop().reason()).contains("its data went back in time"));
        assertThat(regions.query("phx1", "SELECT @@global.read_only")).isEqualTo("1");

        regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        String next = regions.awaitAnother("phx1", SOON);
        regions.write(next, "INSERT INTO app.t VALUES (2)");
        Shell.Outcome status =
                new Shell().run("status", "--config", regions.file().toString());
        assertThat(status.out()).contains("problem: phx1 cannot be master: its data went back in time");
        RunbookPage.of("RegionForgot").everyCommandAnswers("phx1", regions.file());
        Shell.Outcome refused =
                new Shell().run("promote", "phx1", "--config", regions.file().toString());
        assertThat(refused.out() + refused.err()).contains("phx1 cannot be master");
        assertThat(refused.code()).isEqualTo(1);
        String ordered = regions.promote("phx1"); // as one would that asks nothing
        await().during(Duration.ofSeconds(3))
                .atMost(SOON)
                .until(() -> regions.master().equals(next));
        assertThat(coordinator.status().loop().reason()).contains("It cannot be master");

        UUID old = regions.mysql("phx1").serverUuid();
        assertThat(regions.callOff(ordered)).isTrue();
        Shell.Outcome done = rejoin();
        assertThat(done.code()).as(done.out() + done.err()).isZero();
        regions.awaitEqual(SOON);
        GtidSet before = regions.executed("phx1").restrictedTo(old::equals);
        regions.promote("phx1");
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "INSERT INTO app.t VALUES (3)");
        regions.awaitEqual(SOON);
        regions.verify();
        assertThat(regions.executed("aws1").restrictedTo(old::equals)).isEqualTo(before);
        assertThat(regions.query("aws1", "SELECT GROUP_CONCAT(id ORDER BY id) FROM app.t"))
                .as("what only the lost data held is not there")
                .isEqualTo("2,3");
    }

    /** Its rows are all there, and what it executed is forgotten: it would begin again with number 1. */
    @Test
    void aServerWhoseBinlogsAndGtidsWereResetWhileItWasStoppedIsNotOpenedAgain() throws Exception {
        coordinator.close();
        LocalMysql mysql = regions.mysql("phx1");
        mysql.kill();
        mysql.start();
        try (Connection root = mysql.sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("SET GLOBAL super_read_only = OFF");
            statement.execute("RESET MASTER");
        }
        assertThat(regions.executed("phx1").isEmpty()).isTrue();
        long renewed = regions.cluster().region("phx1").lease().version();
        coordinator = regions.start("phx1", "phx1-1");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(coordinator.status().loop().reason()).contains("its data went back in time"));
        await().during(Duration.ofSeconds(2))
                .atMost(SOON)
                .until(() -> regions.query("phx1", "SELECT @@global.read_only").equals("1"));
        assertThat(regions.executed("phx1").isEmpty())
                .as("no number was given out again")
                .isTrue();
        assertThat(regions.query("phx1", "SELECT COUNT(*) FROM app.t")).isEqualTo("1");
        assertThat(regions.cluster()
                        .region("phx1")
                        .lease()
                        .value()
                        .openedIn(regions.cluster().epoch()))
                .as("lease " + renewed)
                .isFalse();
    }

    /** A copy is started as the server of another region, with everything of it that tells a server from another. */
    @Test
    void aCopyOfAnotherRegionsServerStaysSealedAndSaysSo() throws Exception {
        UUID copied = regions.mysql("phx1").serverUuid();
        long epoch = regions.cluster().epoch();
        putBack("aws1");
        assertThat(regions.mysql("aws1").serverUuid()).isEqualTo(copied);
        GtidSet executed = regions.executed("aws1");
        Daemon aws1 = regions.start("aws1", "aws1-1");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(aws1.status().loop().reason())
                        .contains("It cannot be master", "the server uuid of its region (it has " + copied + ")"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(new Shell()
                                .run("status", "--config", regions.file().toString())
                                .out())
                        .contains("problem: aws1 cannot be master", copied.toString()));
        regions.write("phx1", "INSERT INTO app.t VALUES (2)");
        await().during(Duration.ofSeconds(2))
                .atMost(SOON)
                .until(() ->
                        regions.query("aws1", "SELECT @@global.super_read_only").equals("1"));
        assertThat(regions.executed("aws1")).isEqualTo(executed);
        assertThat(regions.query("aws1", "SELECT COUNT(*) FROM app.t")).isEqualTo("0");
        assertThat(regions.cluster().epoch()).isEqualTo(epoch);
        regions.write("phx1", "INSERT INTO app.t VALUES (3)");
    }

    /**
     * What is left by a crash with {@code innodb_flush_log_at_trx_commit} other than 1, or by a disk that confirms what it does
     * not store: the last transactions are gone, and it was renewed last before them, so that its own rows tell nothing.
     */
    @Test
    void whatItForgotAfterItsLastRenewalOthersKnowAndItIsFetchedBackBeforeItOpens() throws Exception {
        regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        regions.awaitEqual(SOON);
        policy("pause", "--reason", "what it does by itself comes later");
        coordinator.close();
        GtidSet all = regions.executed("phx1");
        await().atMost(SOON).until(() -> regions.executed("aws1").contains(all));
        String asks = regions.query("phx1", "SELECT SUM(asks) FROM regent_local.lease");
        putBack();
        renewedAsOftenAs(asks);
        GtidSet lost = all.subtract(regions.executed("phx1"));
        UUID uuid = regions.mysql("phx1").serverUuid();
        assertThat(lost.isEmpty()).isFalse();
        assertThat(lost.restrictedTo(uuid::equals)).isEqualTo(lost);

        coordinator = regions.start("phx1", "phx1-1");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(coordinator.status().loop().reason())
                        .contains("waits: its data went back in time")
                        .contains("it lacks " + lost));
        await().during(Duration.ofSeconds(3))
                .atMost(SOON)
                .until(() -> regions.query("phx1", "SELECT @@global.read_only").equals("1"));
        assertThat(regions.cluster().epoch()).isEqualTo(1);
        assertThat(regions.executed("phx1").intersect(lost).isEmpty()).isTrue();

        policy("resume");
        String next = regions.awaitAnother("phx1", SOON);
        await().atMost(SOON).until(() -> regions.executed("phx1").contains(lost));
        assertThat(regions.query("phx1", "SELECT GROUP_CONCAT(id) FROM app.t"))
                .as("what " + next + " had of it")
                .isEqualTo("1");
        regions.promote("phx1");
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "INSERT INTO app.t VALUES (2)");
        GtidSet anew = regions.executed("phx1").restrictedTo(uuid::equals).subtract(all);
        assertThat(anew.isEmpty()).as("it goes on with the next number").isFalse();
        regions.awaitEqual(SOON);
        regions.verify();
        assertThat(regions.query("aws2", "SELECT GROUP_CONCAT(id ORDER BY id) FROM app.t"))
                .isEqualTo("1,2");
    }

    private void policy(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", regions.file().toString()));
        Shell.Outcome done = new Shell().run(all.toArray(String[]::new));
        assertThat(done.code()).as(done.out() + done.err()).isZero();
    }

    private void renewedAsOftenAs(String asks) throws Exception {
        try (Connection root = regions.mysql("phx1").sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("SET GLOBAL super_read_only = OFF");
            statement.execute("SET sql_log_bin = 0");
            statement.execute("UPDATE regent_local.lease SET asks = " + asks);
            statement.execute("SET GLOBAL super_read_only = ON");
        }
        assertThat(regions.query("phx1", "SELECT SUM(asks) FROM regent_local.lease"))
                .isEqualTo(asks);
    }

    /** On the host of its mysqld, which somebody restarts when the command says so. */
    private Shell.Outcome rejoin() throws Exception {
        LocalMysql mysql = regions.mysql("phx1");
        UUID old = mysql.serverUuid();
        String file = regions.file().toString();
        String[] words = {"region", "rejoin", "phx1", "--new-uuid", "--no-password", "--config", file};
        Shell.Outcome told = new Shell().run(words);
        assertThat(told.out()).contains("say --yes").contains("its server forgot");
        assertThat(told.code()).isEqualTo(1);
        assertThat(mysql.serverUuid()).isEqualTo(old);

        List<String> sure = new ArrayList<>(List.of(words));
        sure.add("--yes");
        CompletableFuture<Shell.Outcome> running =
                CompletableFuture.supplyAsync(() -> new Shell().run(sure.toArray(String[]::new)));
        await().atMost(SOON).until(() -> running.isDone() || !mysql.serverUuid().equals(old));
        mysql.restart();
        return running.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private void putBack() throws IOException {
        putBack("phx1");
    }

    /** The copy takes the place of a region's data. */
    private void putBack(String region) throws IOException {
        LocalMysql mysql = regions.mysql(region);
        mysql.kill();
        try (Stream<Path> old = Files.walk(mysql.dataDirectory())) {
            for (Path path : old.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        }
        copy(copy, mysql.dataDirectory());
        mysql.start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            List<Path> paths = all.filter(path -> Files.isDirectory(path) || Files.isRegularFile(path))
                    .toList();
            for (Path path : paths) {
                try {
                    Files.copy(path, to.resolve(from.relativize(path).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot copy " + path, e);
                }
            }
        }
    }
}

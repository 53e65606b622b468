package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.failover.model.Ended;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running cluster whose ZooKeeper is set back to an older state, and then emptied. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdoptEpochIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Path older;
    private static Daemon phx1;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        phx1 = regions.start("phx1", "phx1-1");
        regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        regions.awaitEqual(SOON);
        older = directory.resolve("older");
        regions.zookeeper.stop();
        copy(regions.zookeeper.getTempDirectory().toPath(), older);
        regions.zookeeper.restart();
        regions.awaitOpen(regions.master(), SOON);
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static void clear(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted((one, other) -> other.compareTo(one)).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Shell.Outcome dbctl(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", regions.file().toString()));
        return new Shell().run(all.toArray(String[]::new));
    }

    private static Shell.Outcome adopt(String... more) {
        List<String> all = new ArrayList<>(List.of("init", "--adopt-epoch", "--no-password"));
        all.addAll(List.of(more));
        return dbctl(all.toArray(String[]::new));
    }

    private static List<String> open() throws Exception {
        List<String> open = new ArrayList<>();
        for (String region : ThreeRegions.NAMES) {
            if (regions.query(region, "SELECT @@global.read_only").equals("0")) {
                open.add(region);
            }
        }
        return open;
    }

    /** A region that is closing throws out whoever asks it. */
    private static void nobodyOpensForAWhile() {
        await().atMost(SOON).ignoreExceptionsInstanceOf(SQLException.class).until(() -> open().isEmpty());
        await().during(Duration.ofSeconds(4))
                .atMost(SOON)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> open().isEmpty());
    }

    private static void goesOn(String master, long epoch, int row) throws Exception {
        regions.awaitOpen(master, SOON);
        assertThat(regions.cluster().epoch()).isEqualTo(epoch);
        regions.write(master, "INSERT INTO app.t VALUES (" + row + ")");
        regions.awaitEqual(SOON);
        regions.verify();
    }

    @Test
    @Order(1)
    void aZooKeeperThatWasSetBackOpensNobodyNotEvenTheOneThatKnowsNoBetter() throws Exception {
        phx1.close();
        regions.mysql("phx1").kill();
        String next = regions.awaitAnother("phx1", SOON);
        long epoch = regions.cluster().epoch();
        regions.write(next, "INSERT INTO app.t VALUES (1)");
        GtidSet written = regions.executed(next);

        regions.zookeeper.stop();
        Path data = regions.zookeeper.getTempDirectory().toPath();
        clear(data);
        copy(older, data);
        regions.zookeeper.restart();
        regions.mysql("phx1").start();
        phx1 = regions.start("phx1", "phx1-2");
        nobodyOpensForAWhile();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(phx1.status().mastership().zookeeper())
                        .contains("it was set back: the MySQL of ")
                        .contains("dbctl init --adopt-epoch"));
        assertThat(regions.query(next, "SELECT @@global.super_read_only")).isEqualTo("1");
        assertThat(dbctl("status").err()).contains("it was set back");

        Shell.Outcome told = adopt("--dry-run");
        assertThat(told.out()).as(told.err()).contains("would be founded anew in ZooKeeper: epoch " + (epoch + 1));
        assertThat(told.code()).isZero();
        Shell.Outcome done = adopt();
        assertThat(done.out()).as(done.err()).contains("founded anew in ZooKeeper: epoch " + (epoch + 1), next);
        assertThat(done.code()).isZero();
        goesOn(next, epoch + 1, 2);
        assertThat(regions.executed("phx1").contains(written)).isTrue();
        assertThat(adopt().out()).contains("there is nothing to adopt");
    }

    @Test
    @Order(2)
    void aZooKeeperThatWasEmptiedIsFilledAgainByWhatTheRegionsRecorded() throws Exception {
        String master = regions.master();
        long epoch = regions.cluster().epoch();
        int verdicts = regions.cluster().verdicts().size();
        regions.empty();
        nobodyOpensForAWhile();
        assertThat(phx1.status().mastership().zookeeper()).contains("is gone: was ZooKeeper emptied", "--adopt-epoch");
        assertThat(dbctl("history").out()).contains(master, "phx1");
        Shell.Outcome founded = dbctl("init", "--master", "phx1", "--no-password");
        assertThat(founded.out()).contains("recorded epoch " + epoch, "--adopt-epoch");
        assertThat(founded.code()).isEqualTo(1);

        regions.mysql("aws2").kill();
        Shell.Outcome unreachable = adopt();
        assertThat(unreachable.err()).contains("aws2");
        assertThat(unreachable.code()).isEqualTo(2);
        regions.mysql("aws2").start();

        Shell.Outcome done = adopt();
        assertThat(done.out()).as(done.err()).contains("epoch " + (epoch + 1) + ", master " + master);
        assertThat(done.code()).isZero();
        goesOn(master, epoch + 1, 3);
        assertThat(regions.cluster().verdicts()).hasSize(verdicts);
        assertThat(regions.cluster().history().values())
                .extracting(Ended::epoch)
                .startsWith(1L)
                .hasSize((int) epoch);
        Shell.Outcome history = dbctl("history");
        assertThat(history.out())
                .contains("the cluster was founded (dbctl init)")
                .contains("names " + master + ": phx1 ")
                .contains("founded anew in ZooKeeper");
    }
}

package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.daemon.Load.Write;
import io.regent.failover.model.Failure;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.failover.timing.Timing.Patience;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master answers, is renewed, and commits nothing: another region goes on. */
class StalledMasterIT {
    private static final String PROBED = "SELECT COALESCE(SUM(number), 0) FROM regent_probe.written";
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration UNION = Duration.ofSeconds(1);
    private static final Duration STUCK = Duration.ofSeconds(8);
    private static final Duration LOCKED = Duration.ofSeconds(12);
    private static final Timing TIMING = impatient(Timing.standard());

    /** Nobody writes for a quarter of it, the probe hangs, the lease runs out, and what is there is fetched. */
    private static final Duration SUCCEEDED = STUCK.plus(STUCK.dividedBy(4))
            .plus(TIMING.waitFor(TIMING.ttl()))
            .plus(UNION)
            .plusSeconds(8);

    @TempDir
    static Path directory;

    /** A disk of its own for the binlog, where this machine lets us have one. */
    private static Path disk;

    private static boolean mounted;
    private static ThreeRegions regions;

    @BeforeAll
    static void start() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        mounted = command("mount", "-t", "tmpfs", "-o", "size=8m", "regent-test", disk.toString());
        regions = new ThreeRegions(
                directory,
                TIMING,
                Map.of(
                        "log_bin",
                        disk.resolve("binlog").toString(),
                        "plugin_load_add",
                        "semisync_source.so",
                        "loose_rpl_semi_sync_source_timeout",
                        "3600000"));
        regions.startAll();
        regions.awaitOpen(regions.master(), SOON);
        regions.write(regions.master(), "CREATE DATABASE app", Load.TABLE);
        awaitProbed(regions.master());
    }

    /** On a disk that is full the schema of the probe can't be made; it was made before. */
    private static void awaitProbed(String master) throws Exception {
        await().atMost(SOON).ignoreExceptions().until(() -> Integer.parseInt(regions.query(master, PROBED)) > 0);
        regions.awaitEqual(SOON);
    }

    @AfterAll
    static void close() throws Exception {
        try {
            if (regions != null) {
                regions.close();
            }
        } finally {
            if (mounted) {
                command("umount", disk.toString());
            }
        }
    }

    private static Timing impatient(Timing usual) {
        Patience patience = usual.patience();
        return new Timing(
                usual.ttl(),
                usual.period(),
                usual.margin(),
                usual.session(),
                usual.tick(),
                usual.drift(),
                usual.deadMan(),
                new Patience(UNION, patience.death(), STUCK, patience.lag()));
    }

    private static boolean command(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean administer(String sql) throws SQLException {
        try (Connection root = regions.mysql("phx1").sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute(sql);
            return true;
        }
    }

    private static Load writingToPhx1() throws Exception {
        if (!regions.master().equals("phx1")) {
            regions.awaitOpen(regions.master(), SOON);
            regions.promote("phx1");
        }
        regions.awaitOpen("phx1", SOON);
        regions.awaitEqual(SOON);
        Load load = Load.start(regions, PAUSE);
        await().atMost(SOON).until(() -> load.writes("phx1").size() > 50);
        return load;
    }

    /** How long until somebody else is master and writes. */
    private static Duration succeeded(Load load, long since) {
        String next = regions.awaitAnother("phx1", SOON);
        await().atMost(SOON).until(() -> load.writes(next).size() > 20);
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        System.out.printf("stalled master: %s writes after %d ms%n", next, took.toMillis());
        return took;
    }

    private static void nothingIsLost(List<Write> acknowledged) throws Exception {
        regions.awaitEqual(SOON);
        Books books = new Books(regions, acknowledged);
        books.nothingIsLost();
        books.oneMasterAtATime();
        regions.verify();
    }

    @Test
    void anIdleMasterIsProbedAndKeepsItsOffice() throws Exception {
        regions.awaitOpen(regions.master(), SOON);
        String master = regions.master();
        long epoch = regions.cluster().epoch();
        await().atMost(SOON).ignoreExceptions().until(() -> Integer.parseInt(regions.query(master, PROBED)) > 6);
        assertThat(regions.cluster().epoch()).isEqualTo(epoch);
        regions.awaitEqual(SOON);
        for (String region : ThreeRegions.NAMES) {
            if (!region.equals(master)) {
                assertThat(regions.query(region, PROBED))
                        .as("what is written about " + master + " says nothing of " + region)
                        .isNotEqualTo(regions.query(master, PROBED));
            }
        }
        regions.verify();
    }

    @Test
    void aMasterWhoseCommitsWaitForAReplicaThatIsGoneIsSucceededThoughNoKillEndsThem() throws Exception {
        try (Load load = writingToPhx1()) {
            long since = System.nanoTime();
            administer("SET GLOBAL rpl_semi_sync_source_enabled = ON");
            RunbookPage.of("MasterStalled").everyCommandAnswers("phx1", regions.file());
            assertThat(succeeded(load, since)).isLessThan(SUCCEEDED);
            letGo();
            nothingIsLost(load.stop());
        } finally {
            letGo();
        }
    }

    @Test
    void aMasterWhoseBinlogsDiskIsFullIsSucceeded() throws Exception {
        assumeTrue(mounted, "a file system of our own takes root");
        try (Load load = writingToPhx1()) {
            Path ballast = fill();
            long since = System.nanoTime();
            assertThat(succeeded(load, since)).isLessThan(SUCCEEDED);
            regions.mysql("phx1").kill();
            Files.delete(ballast);
            regions.mysql("phx1").start();
            await().atMost(SOON)
                    .until(() -> Objects.requireNonNull(
                                            regions.cluster().region("phx1").report())
                                    .value()
                                    .state()
                            == WriteState.STANDBY);
            nothingIsLost(load.stop());
        }
    }

    /** For longer than it takes to be succeeded, and than a region that does not open is given. */
    @Test
    void aMasterUnderABackupsReadLockIsWaitedForAndGoesOnUnderItsEpoch() throws Exception {
        try (Load load = writingToPhx1();
                Connection backup = regions.mysql("phx1").sessions().open();
                Statement lock = backup.createStatement()) {
            long epoch = regions.cluster().epoch();
            lock.execute("FLUSH TABLES WITH READ LOCK");
            GtidSet locked = regions.executed("phx1");
            await().during(LOCKED).atMost(SOON).until(() -> regions.cluster().epoch() == epoch);
            assertThat(new Shell()
                            .run("why", "--config", regions.file().toString())
                            .out())
                    .contains("MasterStalled", "a client has the global read lock");
            assertThat(regions.executed("phx1")).isEqualTo(locked);
            lock.execute("UNLOCK TABLES"); // it was not thrown out
            long since = System.nanoTime();
            int before = load.writes("phx1").size();
            await().atMost(SOON).until(() -> load.writes("phx1").size() > before + 20);
            System.out.printf(
                    "backup at the master: writes %d ms after it%n",
                    Duration.ofNanos(System.nanoTime() - since).toMillis());
            assertThat(regions.cluster().epoch()).isEqualTo(epoch);
            nothingIsLost(load.stop());
        }
    }

    @Test
    void oneThatIsLockedForLongerThanABackupIsGivenIsSucceeded() throws Exception {
        try (Load load = writingToPhx1();
                Connection backup = regions.mysql("phx1").sessions().open();
                Statement lock = backup.createStatement()) {
            regions.holdOff(HoldOff.STANDARD.with(Failure.MASTER_STALLED, Duration.ofSeconds(2)));
            lock.execute("FLUSH TABLES WITH READ LOCK");
            succeeded(load, System.nanoTime());
            await("it is thrown out: what phx1 has is asked for").atMost(SOON).until(() -> !backup.isValid(1));
            nothingIsLost(load.stop());
        } finally {
            regions.holdOff(HoldOff.STANDARD);
        }
    }

    /** Whoever closes it throws administrators out as well. */
    private static void letGo() {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> administer("SET GLOBAL rpl_semi_sync_source_enabled = OFF"));
    }

    private static Path fill() throws IOException {
        Path ballast = disk.resolve("ballast");
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return ballast;
    }
}

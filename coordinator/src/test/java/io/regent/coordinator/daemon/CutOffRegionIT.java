package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.zookeeper.Proxy;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A region that was cut off had executed more of the dead master's writes than the region that was named: what it had
 * beyond the cut is undone, and never comes back.
 *
 * <p>aws1 is master and dies; phx1, whose link stood still, is named while aws2, which had more, is away.
 */
class CutOffRegionIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String AFTERWARDS = "1 kept,2 kept,3 new,4 kept,5 kept,11 new,12 new";

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Proxy toPhx1;
    private static Proxy toAws2;
    /** Else phx1 would get from aws2 what does not come from aws1. */
    private static Proxy fromAws2;

    private static final Map<String, Path> files = new HashMap<>();
    private static final Map<String, Daemon> coordinators = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        toPhx1 = new Proxy(regions.mysql("aws1").address().port());
        toAws2 = new Proxy(regions.mysql("aws1").address().port());
        fromAws2 = new Proxy(regions.mysql("aws2").address().port());
        files.put("phx1", regions.file("phx1", Map.of("aws1", toPhx1.address(), "aws2", fromAws2.address())));
        files.put("aws2", regions.file("aws2", Map.of("aws1", toAws2.address())));
        files.put("aws1", regions.file());
        for (String region : ThreeRegions.NAMES) {
            startCoordinator(region);
        }
        regions.awaitOpen("phx1", SOON);
        regions.holdOff(Duration.ZERO); // once phx1 is alone, nobody confirms what it sees
        regions.promote("aws1");
        regions.awaitOpen("aws1", SOON);
        regions.write("aws1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY, a VARCHAR(20))");
        regions.write(
                "aws1", "INSERT INTO app.t VALUES (1, 'kept'), (2, 'kept'), (3, 'kept'), (4, 'kept'), (5, 'kept')");
        regions.awaitEqual(SOON);
    }

    private static void startCoordinator(String region) throws Exception {
        coordinators.put(region, regions.start(region, region + "-1", Objects.requireNonNull(files.get(region))));
    }

    private static void stopCoordinator(String region) {
        Objects.requireNonNull(coordinators.remove(region)).close();
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
        toPhx1.close();
        toAws2.close();
        fromAws2.close();
    }

    @Test
    void whatACutOffRegionHadBeyondTheCutIsUndoneAndNeverComesBack() throws Exception {
        fromAws2.loseAnswers();
        GtidSet ofBoth = theMasterIsAheadOf(toPhx1, "phx1", "aws2", 1);
        GtidSet ofTheDead = theMasterIsAheadOf(toAws2, "aws2", "aws1", 2);
        stopCoordinator("aws2");
        stopCoordinator("aws1");
        regions.mysql("aws1").kill();
        RunbookPage.of("MasterRegionGone").everyCommandAnswers("aws1", regions.file());
        regions.awaitOpen("phx1", SOON);
        RunbookPage.of("RegionGone").everyCommandAnswers("aws1", regions.file());
        regions.write(
                "phx1", "UPDATE app.t SET a = 'new' WHERE id = 3", "INSERT INTO app.t VALUES (11, 'new'), (12, 'new')");

        toAws2.cutAndHeal();
        startCoordinator("aws2");
        await().atMost(SOON).until(() -> regions.executed("aws2").equals(regions.executed("phx1")));
        assertThat(regions.cluster().voided()).isEqualTo(ofBoth);
        assertThat(rows("aws2")).isEqualTo(AFTERWARDS);

        toPhx1.cutAndHeal();
        fromAws2.cutAndHeal();
        regions.mysql("aws1").start();
        startCoordinator("aws1");
        everyRegionIs(AFTERWARDS, ofBoth.union(ofTheDead));
        theyStayAwayWhileTheOneThatHadThemIsMaster("aws2", 21);
        theyStayAwayWhileTheOneThatHadThemIsMaster("aws1", 22);
        everyRegionIs(AFTERWARDS + ",21 new,22 new", ofBoth.union(ofTheDead));
    }

    /** The master goes on after this network is cut: changes, replaces and deletes rows of this number. */
    private static GtidSet theMasterIsAheadOf(Proxy network, String behind, String holder, int number)
            throws Exception {
        network.loseAnswers();
        regions.write(
                "aws1",
                "UPDATE app.t SET a = 'stranded " + number + "' WHERE id <= " + number,
                "REPLACE INTO app.t VALUES (1" + number + ", 'stranded')",
                "DELETE FROM app.t WHERE id = " + (3 + number));
        await().atMost(SOON).until(() -> regions.executed(holder).contains(regions.executed("aws1")));
        GtidSet ahead = regions.executed("aws1").subtract(regions.executed(behind));
        assertThat(ahead.isEmpty()).isFalse();
        return ahead;
    }

    /** A master whose binlog still has the bytes is read anew by all others. */
    private static void theyStayAwayWhileTheOneThatHadThemIsMaster(String master, int row) throws Exception {
        regions.promote(master);
        regions.awaitOpen(master, SOON);
        for (String region : ThreeRegions.NAMES) {
            if (!region.equals(master)) {
                stopCoordinator(region);
                startCoordinator(region);
            }
        }
        regions.write(master, "INSERT INTO app.t VALUES (" + row + ", 'new')");
        regions.awaitEqual(SOON);
    }

    private static void everyRegionIs(String rows, GtidSet stranded) throws Exception {
        await().atMost(SOON).until(() -> regions.cluster().voided().equals(stranded));
        regions.awaitEqual(SOON);
        regions.verify();
        for (String region : ThreeRegions.NAMES) {
            assertThat(rows(region)).as(region).isEqualTo(rows);
            assertThat(Books.stranded(regions, region)).as(region).isEqualTo(stranded);
        }
    }

    private static String rows(String region) throws Exception {
        return regions.query(region, "SELECT GROUP_CONCAT(id, ' ', a ORDER BY id) FROM app.t");
    }
}

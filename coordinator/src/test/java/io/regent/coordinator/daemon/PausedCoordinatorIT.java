package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.daemon.Load.Write;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Plan;
import io.regent.failover.timing.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master's region has two coordinators; the active one stands still in the middle of a move and goes on later. */
class PausedCoordinatorIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Timing TIMING = Timing.standard();

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static CoordinatorProcess active;
    private static @Nullable Daemon second;

    private final Random random = new Random();
    private Load load;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        active = regions.spawn("phx1", "phx1-1");
        regions.awaitRenewalBy("phx1", "phx1-1", SOON); // on a slow machine it would be taken for silent
        regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "CREATE DATABASE app", Load.TABLE);
    }

    @BeforeEach
    void theProcessIsActiveAndPhx1Writes() throws Exception {
        if (!regions.master().equals("phx1")) {
            regions.promote("phx1");
        }
        regions.awaitOpen("phx1", SOON);
        Daemon before = second;
        if (before != null) {
            regions.awaitRenewalBy("phx1", "phx1-1", SOON);
            before.close();
        }
        second = regions.start("phx1", "phx1-2");
        regions.awaitRenewalBy("phx1", "phx1-2", SOON);
        regions.awaitEqual(SOON);
        load = Load.start(regions, Duration.ofMillis(10));
        awaitWrites("phx1");
    }

    @AfterEach
    void goOnAndStopLoad() throws Exception {
        active.signal("CONT");
        load.close();
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    private void awaitWrites(String region) {
        int before = load.writes(region).size();
        await().atMost(SOON).until(() -> load.writes(region).size() > before + 20);
    }

    @Test
    void aCoordinatorThatPausesOnceItAnnouncedItsClosingFindsTheMoveEnded() throws Exception {
        long epoch = regions.cluster().epoch();
        regions.promote("aws1");
        pauseOnceClosing(epoch);
        regions.awaitAnother("phx1", SOON);
        awaitWrites(regions.master());
        active.signal("CONT");
        itEndsWithOneMasterThatKeepsWriting();
    }

    @Test
    void aCoordinatorThatGoesOnWhileTheOtherClosesDisturbsNothing() throws Exception {
        long epoch = regions.cluster().epoch();
        regions.promote("aws1");
        pauseOnceClosing(epoch);
        park(TIMING.session());
        active.signal("CONT");
        itEndsWithOneMasterThatKeepsWriting();
    }

    @RepeatedTest(2)
    void aCoordinatorThatPausesAtAnyMomentOfAMoveDisturbsNothing() throws Exception {
        regions.promote("aws1");
        park(Duration.ofMillis(random.nextInt(400)));
        active.signal("STOP");
        park(Duration.ofMillis(random.nextInt(4000)));
        active.signal("CONT");
        itEndsWithOneMasterThatKeepsWriting();
    }

    private static void pauseOnceClosing(long epoch) throws Exception {
        await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(AT_ONCE).until(() -> {
            ClusterState now = regions.cluster();
            return now.master().value().closing() != null || now.epoch() > epoch;
        });
        active.signal("STOP");
    }

    private static void park(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** The plan is done or void, and for a whole lease nobody but the named region writes and it refuses nothing. */
    private void itEndsWithOneMasterThatKeepsWriting() throws Exception {
        await().atMost(SOON).until(() -> regions.cluster().master().value().closing() == null);
        String master = awaitSettledMaster();
        awaitWrites(master);
        long epoch = regions.cluster().epoch();
        long refused = load.refusals(master);
        park(TIMING.ttl());
        awaitWrites(master);
        assertThat(load.refusals(master)).as("refused by " + master).isEqualTo(refused);
        assertThat(regions.cluster().epoch()).isEqualTo(epoch);
        List<Write> acknowledged = load.stop();
        regions.awaitEqual(SOON);
        Books books = new Books(regions, acknowledged);
        books.oneMasterAtATime();
        books.nothingIsLostButWhatIsNamed();
        regions.verify();
    }

    /** A move that stands is carried out first. */
    private static String awaitSettledMaster() {
        await().atMost(SOON).until(() -> {
            ClusterState now = regions.cluster();
            String named = now.master().value().region();
            return now.ordered(Plan.Kind.MOVE).isEmpty()
                    && now.region(named).lease().value().openedIn(now.epoch());
        });
        return regions.master();
    }
}

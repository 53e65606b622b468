package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.daemon.Load.Write;
import io.regent.coordinator.zookeeper.Proxy;
import io.regent.failover.timing.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master phx1 loses its coordinator, its mysqld or ZooKeeper while clients write. */
class HolderLossIT {
    private static final Timing TIMING = Timing.standard();
    private static final Duration CLOSED = TIMING.ttl().plus(TIMING.deadMan().bound());
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int HALTED = 70;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static final Duration HOLD_OFF = Duration.ofSeconds(4);

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Proxy network;
    private static @Nullable Daemon coordinator;

    private Load load;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        network = new Proxy(regions.zookeeper.getPort());
        regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        startPhx1();
        regions.awaitOpen("phx1", SOON);
        regions.holdOff(HOLD_OFF);
        regions.write("phx1", "CREATE DATABASE app", Load.TABLE);
    }

    /** Its way to ZooKeeper can be cut; that of the others cannot. */
    private static Daemon startPhx1() throws Exception {
        Daemon started = regions.start("phx1", "phx1-1", regions.file("phx1", Map.of("zookeeper", network.address())));
        coordinator = started;
        return started;
    }

    @BeforeEach
    void phx1IsMasterAndWrites() throws Exception {
        if (!regions.master().equals("phx1")) {
            regions.awaitOpen(regions.master(), SOON);
            regions.promote("phx1");
        }
        regions.awaitOpen("phx1", SOON);
        regions.awaitEqual(SOON);
        load = Load.start(regions, PAUSE);
        awaitWrites("phx1");
    }

    @AfterEach
    void stopLoad() {
        load.close();
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
        network.close();
    }

    private void awaitWrites(String region) {
        int before = load.writes(region).size();
        await().atMost(SOON).until(() -> load.writes(region).size() > before + 20);
    }

    private long allWrites() {
        return ThreeRegions.NAMES.stream()
                .mapToLong(region -> load.writes(region).size())
                .sum();
    }

    /** A process renews for phx1, and nobody else does. */
    private static CoordinatorProcess replacedByProcess() throws Exception {
        CoordinatorProcess process = regions.spawn("phx1", "phx1-2");
        regions.awaitRenewalBy("phx1", "phx1-2", SOON);
        Objects.requireNonNull(coordinator).close();
        coordinator = null;
        return process;
    }

    private Duration lastWriteAfter(long moment) {
        long last = load.writes("phx1").stream().mapToLong(Write::ended).max().orElseThrow();
        return Duration.ofNanos(last - moment);
    }

    private void everyRegionHasAll(List<Write> acknowledged) throws Exception {
        regions.awaitEqual(SOON);
        Books books = new Books(regions, acknowledged);
        books.nothingIsLostButWhatIsNamed();
        books.oneMasterAtATime();
        regions.verify();
    }

    @Test
    void aMasterWhoseCoordinatorWasKilledClosesByItselfInTimeAndAnotherRegionGoesOn() throws Exception {
        CoordinatorProcess process = replacedByProcess();
        process.kill();
        long killed = System.nanoTime();
        String next = regions.awaitAnother("phx1", SOON);
        awaitWrites(next);
        Told told = Told.ofPresentEpoch(regions);
        assertThat(told.region()).isEqualTo(next);
        assertThat(told.reason()).contains("names " + next + ": phx1 has not renewed for");
        assertThat(told.by()).matches("aws[12]/aws[12]-1");
        told.pauseIsThatOf(load, "phx1", next);
        assertThat(told.pause()).isGreaterThan(TIMING.silenceOf(TIMING.ttl()).minus(TIMING.period()));
        List<Write> acknowledged = load.stop();
        assertThat(lastWriteAfter(killed)).isBetween(Duration.ZERO, CLOSED);
        assertThat(regions.query("phx1", "SELECT CONCAT(@@read_only, @@super_read_only, @@offline_mode)"))
                .isEqualTo("111");
        startPhx1();
        everyRegionHasAll(acknowledged);
        assertThat(regions.query("phx1", "SELECT CONCAT(@@read_only, @@super_read_only, @@offline_mode)"))
                .isEqualTo("100");
    }

    @Test
    void aMasterWhoseMysqldIsProvenDeadIsSucceededWithoutWaitingForItsLease() throws Exception {
        long epoch = regions.cluster().epoch();
        regions.mysql("phx1").kill();
        String next = regions.awaitAnother("phx1", SOON);
        awaitWrites(next);
        List<Write> acknowledged = load.stop();
        // Silence would have ended the epoch without a release.
        assertThat(Objects.requireNonNull(regions.cluster().history().get(epoch))
                        .released())
                .isTrue();
        regions.mysql("phx1").start();
        everyRegionHasAll(acknowledged);
    }

    /** What its clients are told after it wakes, until its dead-man has closed it, is stranded and named. */
    @Test
    void aCoordinatorHaltsWhoseMysqldStandsStillAndThatIsClosedByItselfWhenItWakes() throws Exception {
        CoordinatorProcess process = replacedByProcess();
        regions.mysql("phx1").suspend();
        try {
            assertThat(process.awaitExit()).isEqualTo(HALTED);
            awaitWrites(regions.awaitAnother("phx1", SOON));
        } finally {
            regions.mysql("phx1").resume();
        }
        await().atMost(CLOSED)
                .pollInterval(PAUSE)
                .ignoreExceptions()
                .until(() -> regions.query("phx1", "SELECT CONCAT(@@read_only, @@super_read_only, @@offline_mode)")
                        .equals("111"));
        List<Write> acknowledged = load.stop();
        startPhx1();
        everyRegionHasAll(acknowledged);
    }

    @Test
    void aCoordinatorThatIsTerminatedAndStartedAgainWithinTheLeaseRefusesNoWrite() throws Exception {
        CoordinatorProcess process = replacedByProcess();
        long epoch = regions.cluster().epoch();
        long refused = load.refusals("phx1");
        process.terminate();
        assertThat(process.isAlive()).isFalse();
        startPhx1();
        regions.awaitRenewalBy("phx1", "phx1-1", SOON);
        long renewed = System.nanoTime();
        await().atMost(SOON).until(() -> lastWriteAfter(renewed).compareTo(TIMING.ttl()) > 0);
        assertThat(load.refusals("phx1")).isEqualTo(refused);
        assertThat(regions.cluster().epoch()).isEqualTo(epoch);
        everyRegionHasAll(load.stop());
    }

    @Test
    void aMasterThatZookeeperDoesNotAnswerIsNoPrimaryAfterItsLeaseClosesAndIsFollowedByWhoReachesIt() throws Exception {
        Daemon phx1 = Objects.requireNonNull(coordinator);
        assertThat(phx1.status().server().primary()).isTrue();
        network.loseAnswers();
        long cut = System.nanoTime();
        LockSupport.parkNanos(TIMING.ttl().minusNanos(System.nanoTime() - cut).toNanos());
        await().until(() -> System.nanoTime() - cut >= TIMING.ttl().toNanos());
        assertThat(phx1.status().server().primary()).isFalse();
        String next = regions.awaitAnother("phx1", SOON);
        Duration named = TIMING.silenceOf(TIMING.ttl()).minus(TIMING.period());
        assertThat(Duration.ofNanos(System.nanoTime() - cut)).isGreaterThan(named);
        awaitWrites(next);
        assertThat(lastWriteAfter(cut)).isBetween(Duration.ZERO, CLOSED);
        network.cutAndHeal();
        everyRegionHasAll(load.stop());
        assertThat(phx1.status().server().primary()).isFalse();
    }

    @Test
    void aClusterWhoseZookeeperIsGoneClosesAndOpensAgainWhenItIsBack() throws Exception {
        regions.zookeeper.stop();
        long stopped = System.nanoTime();
        await().atMost(SOON)
                .until(() -> System.nanoTime() - stopped > CLOSED.plusSeconds(1).toNanos());
        assertThat(lastWriteAfter(stopped)).isBetween(Duration.ZERO, CLOSED);
        ThreeRegions.NAMES.forEach(
                region -> assertThat(load.writes(region).stream().filter(write -> !region.equals("phx1")))
                        .as(region)
                        .isEmpty());
        regions.zookeeper.restart();
        // Who it is depends on who comes back first: the master was silent for long enough to be succeeded.
        long before = allWrites();
        await().atMost(SOON).until(() -> allWrites() > before + 20);
        everyRegionHasAll(load.stop());
    }
}

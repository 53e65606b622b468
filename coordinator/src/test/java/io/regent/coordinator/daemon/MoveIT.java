package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.daemon.Load.Write;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.timing.Timing;
import io.regent.failover.timing.Timing.Patience;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mastership of phx1 while nobody is lost: it moves, cannot move, its mysqld starts anew. */
class MoveIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration CLOSES = Duration.ofSeconds(3);
    private static final int TRIES = 5;
    private static final String STATE = "SELECT CONCAT(@@read_only, @@super_read_only)";

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Daemon coordinator;

    private Load load;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory, timing());
        coordinator = regions.start("phx1", "phx1-1");
        // However long it takes: nobody is there to give it up to.
        regions.awaitOpen("phx1", SOON);
        regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        regions.write("phx1", "CREATE DATABASE app", Load.TABLE);
    }

    /** A target gives up sooner, and a mysqld may take its time to start anew. */
    private static Timing timing() {
        Timing usual = Timing.standard();
        Patience patience = new Patience(
                usual.patience().union(), Duration.ofSeconds(30), Duration.ofSeconds(6), Duration.ofMillis(700));
        return new Timing(
                Duration.ofSeconds(20),
                usual.period(),
                usual.margin(),
                usual.session(),
                usual.tick(),
                usual.drift(),
                usual.deadMan(),
                patience);
    }

    @BeforeEach
    void phx1IsMasterAndWrites() throws Exception {
        if (!regions.master().equals("phx1")) {
            regions.promote("phx1");
        }
        regions.awaitOpen("phx1", SOON);
        regions.awaitEqual(SOON);
        load = Load.start(regions, Duration.ofMillis(50));
        awaitWrites("phx1");
    }

    @AfterEach
    void stopLoad() {
        load.close();
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    private void awaitWrites(String region) {
        int before = load.writes(region).size();
        await().atMost(SOON).until(() -> load.writes(region).size() > before + 10);
    }

    private void everyRegionHasAll() throws Exception {
        List<Write> acknowledged = load.stop();
        regions.awaitEqual(SOON);
        Books books = new Books(regions, acknowledged);
        books.nothingIsLost();
        books.oneMasterAtATime();
        regions.verify();
    }

    @Test
    void aMoveWaitsWhileAPreparedTransactionIsLeftAndGoesOnWithoutIt() throws Exception {
        try (Connection root = regions.mysql("phx1").sessions().open();
                Statement statement = root.createStatement()) {
            // Unlogged: a logged one would stop the links before the move could get so far.
            for (String sql : List.of(
                    "SET sql_log_bin = 0",
                    "XA START 'left'",
                    "INSERT INTO app.load_row VALUES (-1, 'phx1', 0)",
                    "XA END 'left'",
                    "XA PREPARE 'left'")) {
                statement.execute(sql);
            }
            Shell.Outcome told = new Shell()
                    .run("preflight", "aws1", "--config", regions.file().toString());
            assertThat(told.out()).contains("prepared XA transactions are left at phx1", "XA ROLLBACK");
            assertThat(told.code()).isEqualTo(1);
            regions.promote("aws1");
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(coordinator.status().loop().reason()).contains("A move waits", "XA RECOVER"));
            awaitWrites("phx1");
            statement.execute("XA ROLLBACK 'left'");
        }
        regions.awaitOpen("aws1", SOON);
        awaitWrites("aws1");
        everyRegionHasAll();
    }

    @Test
    void theMasterMovesThereAndBackAndEveryRegionHasEverything() throws Exception {
        regions.promote("aws1");
        regions.awaitOpen("aws1", SOON);
        awaitWrites("aws1");
        Told told = Told.ofPresentEpoch(regions);
        assertThat(told.region()).isEqualTo("aws1");
        assertThat(told.reason()).as("an operator's").contains("move-");
        assertThat(told.by()).startsWith("phx1/");
        told.pauseIsThatOf(load, "phx1", "aws1");
        regions.promote("phx1");
        regions.awaitOpen("phx1", SOON);
        awaitWrites("phx1");
        everyRegionHasAll();
    }

    @Test
    void aTargetThatCannotExecuteTheCutHandsBackAndTheOldMasterOpensAgain() throws Exception {
        long epoch = regions.cluster().epoch();
        for (int i = 0; i < TRIES && regions.cluster().epoch() == epoch; i++) {
            moveAwayWhileAppliersAreStuck(epoch);
        }
        regions.awaitOpen("phx1", SOON);
        awaitWrites("phx1");
        ClusterState now = regions.cluster();
        assertThat(now.epoch()).isEqualTo(epoch + 2);
        Ended ofTarget = Objects.requireNonNull(now.history().get(epoch + 1));
        assertThat(ofTarget.region()).isEqualTo("aws1");
        assertThat(ofTarget.opened()).isFalse();
        assertThat(ofTarget.released()).isTrue();
        assertThat(load.writes("aws1")).isEmpty();
        everyRegionHasAll();
        assertThat(regions.query("aws1", STATE)).isEqualTo("10");
    }

    /** The target is to get stuck between the report by which it has caught up and the closing; else it is called off. */
    private void moveAwayWhileAppliersAreStuck(long epoch) throws Exception {
        regions.write("phx1", "CREATE TABLE IF NOT EXISTS app.stuck (id INT AUTO_INCREMENT PRIMARY KEY)");
        regions.awaitEqual(SOON);
        try (Connection holding = regions.mysql("aws1").sessions().open();
                Statement statement = holding.createStatement()) {
            statement.execute("LOCK TABLES app.load_row WRITE, app.stuck WRITE");
            regions.write("phx1", "INSERT INTO app.stuck VALUES ()"); // so that the cut holds what cannot be executed
            String plan = regions.promote("aws1");
            long tried = System.nanoTime();
            await().atMost(SOON)
                    .until(() -> regions.cluster().epoch() > epoch
                            || (System.nanoTime() - tried > CLOSES.toNanos() && regions.callOff(plan)));
            if (regions.cluster().epoch() > epoch) {
                await().atMost(SOON).until(() -> regions.cluster().epoch() == epoch + 2);
            }
        }
    }

    @Test
    void aMysqldThatStartsAnewIsSealedUntilALeaseOfThisRunIsGranted() throws Exception {
        long epoch = regions.cluster().epoch();
        CoordinatorProcess process = regions.spawn("phx1", "phx1-2");
        regions.awaitRenewalBy("phx1", "phx1-2", SOON);
        coordinator.close();
        process.signal("STOP");
        regions.mysql("phx1").kill();
        long killed = System.nanoTime();
        regions.mysql("phx1").start();
        assertThat(regions.query("phx1", STATE)).isEqualTo("11");
        assertThatThrownBy(MoveIT::openUnderTheOldLease).hasMessageContaining("asked before this start");
        assertThat(regions.query("phx1", STATE)).isEqualTo("10");
        assertThat(load.writes("phx1")).noneMatch(write -> write.ended() > killed);
        process.signal("CONT");
        awaitWrites("phx1");
        assertThat(regions.cluster().epoch()).isEqualTo(epoch);
        coordinator = regions.start("phx1", "phx1-1");
        regions.awaitRenewalBy("phx1", "phx1-1", SOON);
        process.terminate();
        everyRegionHasAll();
    }

    /** Whoever comes with a nonce that was granted to the mysqld before, which is still fresh. */
    private static void openUnderTheOldLease() throws SQLException {
        try (Connection root = regions.mysql("phx1").sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("SET sql_log_bin = 0");
            statement.execute("SET GLOBAL super_read_only = OFF");
            statement.execute("SET @nonce = (SELECT MAX(granted) FROM regent_local.lease)");
            statement.execute("CALL regent_local.open(" + regions.cluster().epoch() + ", @nonce)");
        }
    }
}

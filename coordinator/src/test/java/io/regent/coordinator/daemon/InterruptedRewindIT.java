package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.zookeeper.Proxy;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * phx1 comes back with four stranded transactions. Whatever dies at each step of their return, they are undone once, saved
 * everywhere, and void.
 */
@Timeout(180)
class InterruptedRewindIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ROWS = "SELECT GROUP_CONCAT(id, ' ', a ORDER BY id) FROM app.t";

    /** The session that holds a row: a connection that nobody refers to is closed. */
    private final Deque<Connection> holders = new ArrayDeque<>();

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Proxy toAws1;
    private static Proxy toAws2;
    private static Proxy between;
    private static Path shut;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        toAws1 = new Proxy(regions.mysql("phx1").address().port());
        toAws2 = new Proxy(regions.mysql("phx1").address().port());
        between = new Proxy(regions.mysql("aws1").address().port());
        Daemon phx1 = regions.start("phx1", "phx1-1");
        regions.start("aws1", "aws1-1", regions.file("aws1", Map.of("phx1", toAws1.address())));
        regions.awaitOpen("phx1", SOON);
        regions.write(
                "phx1",
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY, a VARCHAR(20))",
                "INSERT INTO app.t VALUES (1, 'kept'), (2, 'kept'), (3, 'kept')");
        shut = regions.file("aws2", Map.of("phx1", toAws2.address(), "aws1", between.address()));
        regions.start("aws2", "aws2-1", shut);
        regions.awaitEqual(SOON);

        toAws1.loseAnswers();
        toAws2.loseAnswers();
        regions.write(
                "phx1",
                "UPDATE app.t SET a = 'stranded' WHERE id = 1",
                "INSERT INTO app.t VALUES (10, 'stranded')",
                "UPDATE app.t SET a = 'stranded' WHERE id = 2",
                "DELETE FROM app.t WHERE id = 3");
        phx1.close();
        regions.mysql("phx1").kill();
        String next = regions.awaitAnother("phx1", SOON);
        if (next.equals("aws2")) {
            regions.promote("aws1");
            regions.awaitOpen("aws1", SOON);
        }
        regions.write("aws1", "INSERT INTO app.t VALUES (20, 'new')");
        await().atMost(SOON).until(() -> regions.executed("aws2").equals(regions.executed("aws1")));
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
        toAws1.close();
        toAws2.close();
        between.close();
    }

    private static long count(String region, String from) throws Exception {
        return Long.parseLong(regions.query(region, "SELECT COUNT(*) FROM " + from));
    }

    private static void awaitUndone(long count) {
        await().atMost(SOON)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count("phx1", "regent_local.rewound") == count);
    }

    /** Keeps a row, and no other any more, from being undone; what comes before it, the later transactions, is. */
    private void hold(int id) throws Exception {
        Connection holder = regions.mysql("phx1").sessions().open();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("SET GLOBAL super_read_only = OFF"); // it was started SEALED, and is a STANDBY now
            statement.execute("SELECT * FROM app.t WHERE id = " + id + " FOR UPDATE");
        }
        while (!holders.isEmpty()) {
            holders.remove().abort(Runnable::run); // its server may have been killed
        }
        holders.add(holder);
    }

    /** The coordinator is at the row that is held. */
    private static void awaitWaiting() {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count("phx1", "performance_schema.data_lock_waits") > 0);
    }

    @Test
    void whateverDiesAtWhicheverStepTheyAreUndoneOnceAndVoid() throws Exception {
        GtidSet known = regions.executed("aws1");
        toAws1.cutAndHeal();
        toAws2.cutAndHeal();
        between.loseAnswers(); // the master has what is saved, and nobody else
        regions.mysql("phx1").start();
        GtidSet stranded = regions.executed("phx1").subtract(known);
        assertThat(stranded.count()).isEqualTo(4);

        hold(3); // the last one is undone first
        CoordinatorProcess coordinator = regions.spawn("phx1", "phx1-2");
        await().atMost(SOON).ignoreExceptions().until(() -> count("aws1", "regent.stranded") == 4);
        coordinator.kill();
        assertThat(regions.cluster().verdicts()).isEmpty();

        regions.mysql("aws1").kill(); // with it what was saved
        regions.awaitOpen("aws2", SOON);
        between.cutAndHeal();
        coordinator = regions.spawn("phx1", "phx1-3");
        awaitWaiting();
        assertThat(regions.cluster().voided().contains(stranded)).isTrue();
        assertThat(count("aws2", "regent.stranded")).isEqualTo(4);
        awaitUndone(0);
        coordinator.kill();

        hold(2);
        regions.mysql("aws1").start(); // with rows of its own that were nobody's but its
        coordinator = regions.spawn("phx1", "phx1-4");
        awaitWaiting();
        awaitUndone(1);
        coordinator.signal("STOP"); // until the next row is held
        regions.mysql("phx1").kill();
        regions.mysql("phx1").start();
        hold(10);
        coordinator.signal("CONT");
        awaitWaiting();
        awaitUndone(2);
        coordinator.kill();
        hold(1);
        regions.spawn("phx1", "phx1-5");
        awaitWaiting();
        awaitUndone(3);
        regions.mysql("phx1").kill();
        regions.mysql("phx1").start();

        awaitUndone(4);
        regions.awaitEqual(SOON);
        regions.verify();
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(region, ROWS)).as(region).isEqualTo("1 kept,2 kept,3 kept,20 new");
            for (Gtid gtid : stranded.first(4)) {
                assertThat(count(region, "regent.stranded WHERE gtid = '" + gtid + "' AND disposition = 'held'"))
                        .as(region)
                        .isEqualTo(1);
            }
        }
    }
}

package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.zookeeper.Proxy;
import io.regent.failover.action.Action;
import io.regent.failover.action.MysqlAction;
import io.regent.failover.action.ProcessAction;
import io.regent.failover.action.ZookeeperAction;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * phx1 comes back with four stranded transactions. Whatever dies at each step of their return, they are undone once, saved
 * everywhere, and void.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InterruptedRewindIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ROWS = "SELECT GROUP_CONCAT(id, ' ', a ORDER BY id) FROM app.t";
    private static final String AFTERWARDS = "1 kept,2 kept,3 kept,20 new";

    private static final String WAITING = "performance_schema.data_lock_waits w"
            + " JOIN performance_schema.threads t ON t.THREAD_ID = w.REQUESTING_THREAD_ID";

    /** What a coordinator of a region that is not master does, whether it returns or not. */
    private static final Set<Class<? extends Action>> DAILY = Set.of(
            MysqlAction.RaiseGuards.class,
            MysqlAction.RecordEpoch.class,
            ProcessAction.EndLinks.class,
            ProcessAction.RunLinks.class,
            ZookeeperAction.Publish.class,
            ZookeeperAction.PublishReach.class,
            ZookeeperAction.ReadBack.class);

    private static final Set<Class<? extends Action>> OF_A_MASTER = Set.of(
            MysqlAction.Ask.class,
            MysqlAction.Grant.class,
            MysqlAction.Open.class,
            MysqlAction.Close.class,
            MysqlAction.EndBlockers.class,
            MysqlAction.Probe.class,
            ProcessAction.Halt.class,
            ZookeeperAction.Renew.class,
            ZookeeperAction.ChangeMaster.class,
            ZookeeperAction.WritePlan.class,
            ZookeeperAction.Withdraw.class);

    /** The session that holds a row: a connection that nobody refers to is closed. */
    private final Deque<Connection> holders = new ArrayDeque<>();

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Proxy toAws1;
    private static Proxy toAws2;
    private static Proxy between;
    private static Proxy apart;
    private static Path shut;
    private static Daemon aws2;
    private static @Nullable Daemon returned;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        toAws1 = new Proxy(regions.mysql("phx1").address().port());
        toAws2 = new Proxy(regions.mysql("phx1").address().port());
        between = new Proxy(regions.mysql("aws1").address().port());
        apart = new Proxy(regions.mysql("aws2").address().port());
        Daemon phx1 = regions.start("phx1", "phx1-1");
        Path open = regions.file("aws1", Map.of("phx1", toAws1.address(), "aws2", apart.address()));
        regions.start("aws1", "aws1-1", open);
        regions.awaitOpen("phx1", SOON);
        regions.write(
                "phx1",
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY, a VARCHAR(20))",
                "INSERT INTO app.t VALUES (1, 'kept'), (2, 'kept'), (3, 'kept')");
        shut = regions.file("aws2", Map.of("phx1", toAws2.address(), "aws1", between.address()));
        aws2 = regions.start("aws2", "aws2-1", shut);
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
        apart.close();
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

    private void release() throws Exception {
        while (!holders.isEmpty()) {
            holders.remove().close();
        }
    }

    /** The coordinator is at the row that is held. */
    private static void awaitWaiting() {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count("phx1", "performance_schema.data_lock_waits") > 0);
    }

    @Test
    @Order(1)
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
        long epoch = regions.cluster().epoch();
        await().atMost(SOON)
                .until(() -> Optional.ofNullable(regions.costs().get(epoch))
                        .filter(cost -> cost.lost().contains(stranded))
                        .isPresent());

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
            assertThat(regions.query(region, ROWS)).as(region).isEqualTo(AFTERWARDS);
            for (Gtid gtid : stranded.first(4)) {
                assertThat(count(region, "regent.stranded WHERE gtid = '" + gtid + "' AND disposition = 'held'"))
                        .as(region)
                        .isEqualTo(1);
            }
        }
        Shell.Outcome history =
                new Shell().run("history", "--config", regions.file().toString());
        assertThat(history.out())
                .as("though another epoch followed, and all is settled")
                .contains("left behind when epoch " + epoch + " began: 4 transactions (" + stranded + ")")
                .contains("  phx1 holds " + stranded);
    }

    /** A new kind of action is a step of a return, or is said here not to be one. */
    @Test
    @Order(2)
    void noStepIsLeftOut() {
        Set<Class<?>> all = new HashSet<>();
        for (Class<?> place : List.of(MysqlAction.class, ProcessAction.class, ZookeeperAction.class)) {
            Stream.of(place.getPermittedSubclasses())
                    .filter(Action.class::isAssignableFrom)
                    .forEach(all::add);
        }
        Set<Class<?>> known = new HashSet<>(DAILY);
        known.addAll(OF_A_MASTER);
        Stream.of(ReturnStep.values()).map(step -> step.action).forEach(known::add);
        assertThat(known).isEqualTo(all);
    }

    /** What was written by hand to a region that is not master is its own to undo too. */
    @Test
    @Order(3)
    void killedAtEveryStepItGoesOnFromThere() throws Exception {
        regions.killProcesses();
        long verdicts = regions.cluster().verdicts().size();
        GtidSet strays = writtenByHand();
        regions.mysql("phx1").kill();
        regions.mysql("phx1").start();
        Set<String> performed = new TreeSet<>();
        for (ReturnStep step : ReturnStep.values()) {
            String name = "returning-" + step;
            Path log = directory.resolve(name + ".log");
            try (Connection holder = held(step, strays)) {
                CoordinatorProcess process = regions.spawnReturning(log, "phx1", name, step);
                if (step.endsByItself()) {
                    assertThat(process.awaitExit()).as("ended at " + step).isEqualTo(Doom.EXIT);
                } else {
                    awaitHeld(step, name);
                    process.kill();
                    endWhatItSentLast(where(step));
                }
                isWhereItDied(step, strays, verdicts);
                holder.rollback();
            }
            performed.addAll(performed(log));
        }
        returned = regions.start("phx1", "phx1-6");
        regions.awaitEqual(SOON);
        regions.verify();
        assertThat(regions.cluster().verdicts()).hasSize((int) verdicts + 1);
        isUndoneOnce("phx1", strays, AFTERWARDS);
        Set<String> steps = names(Stream.of(ReturnStep.values()).map(step -> step.action));
        assertThat(performed).containsAll(steps);
        performed.removeAll(steps);
        assertThat(names(DAILY.stream())).as("else there is a step more").containsAll(performed);
    }

    private static Set<String> names(Stream<Class<? extends Action>> actions) {
        return actions.map(Class::getSimpleName).collect(Collectors.toSet());
    }

    private static Set<String> performed(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith(ReturnStep.PERFORMS))
                .map(line -> line.substring(ReturnStep.PERFORMS.length()))
                .collect(Collectors.toSet());
    }

    private static GtidSet writtenByHand() throws Exception {
        GtidSet before = regions.executed("phx1");
        try (Connection root = regions.mysql("phx1").sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("UPDATE app.t SET a = 'by hand' WHERE id = 1");
            statement.execute("INSERT INTO app.t VALUES (11, 'by hand')");
            statement.execute("UPDATE app.t SET a = 'by hand' WHERE id = 2");
        }
        GtidSet strays = regions.executed("phx1").subtract(before);
        assertThat(strays.count()).isEqualTo(3);
        return strays;
    }

    /** A session with the lock that keeps the process where it is to be killed; with none if it ends by itself. */
    private static Connection held(ReturnStep step, GtidSet strays) throws Exception {
        Connection holder = regions.mysql(where(step)).sessions().open();
        holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            switch (step) {
                case ON_ITS_OWN_DISK -> statement.execute("SELECT gtid FROM regent.stranded FOR UPDATE");
                case UNDOING -> statement.execute("SELECT * FROM app.t WHERE id = 11 FOR UPDATE");
                case UNDONE ->
                    statement.execute("SELECT * FROM regent_local.verdict WHERE voided = '" + strays + "' FOR UPDATE");
                default -> {}
            }
        }
        return holder;
    }

    private static String where(ReturnStep step) {
        return step == ReturnStep.ON_ITS_OWN_DISK ? regions.master() : "phx1";
    }

    /** A statement that waits does not notice that who sent it is gone: it would do what the process did not come to. */
    private static void endWhatItSentLast(String region) throws Exception {
        try (Connection root = regions.mysql(region).sessions().open();
                Statement statement = root.createStatement()) {
            await().atMost(SOON).ignoreExceptions().until(() -> {
                String session = regions.query(region, "SELECT COALESCE(MAX(t.PROCESSLIST_ID), 0) FROM " + WAITING);
                if (!session.equals("0")) {
                    statement.execute("KILL " + session);
                }
                return session.equals("0");
            });
        }
    }

    private static void awaitHeld(ReturnStep step, String coordinator) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> count(where(step), WAITING) > 0);
        if (step == ReturnStep.ON_ITS_OWN_DISK) {
            assertThat(regions.state(coordinator).resolve("stranded")).isDirectoryContaining("glob:**.stranded");
        }
    }

    /** What is there of each step, and what is not. */
    private static void isWhereItDied(ReturnStep step, GtidSet strays, long verdicts) throws Exception {
        assertThat(regions.cluster().verdicts())
                .as(step + ": verdicts")
                .hasSize((int) verdicts + (step.compareTo(ReturnStep.VERDICT_SENT) < 0 ? 0 : 1));
        assertThat(saved(regions.master(), strays))
                .as(step + ": rows at the master")
                .isEqualTo(step.compareTo(ReturnStep.SPOOLED) < 0 ? 0 : 3);
        String stored = "regent_local.verdict WHERE voided = '" + strays + "'";
        assertThat(count("phx1", stored))
                .as(step + ": stored")
                .isEqualTo(step.compareTo(ReturnStep.VERDICT_STORED) < 0 ? 0 : 1);
        int undone = step.compareTo(ReturnStep.UNDOING) < 0 ? 0 : step == ReturnStep.UNDOING ? 1 : 3;
        assertThat(undone("phx1", strays)).as(step + ": undone").isEqualTo(undone);
        assertThat(count("phx1", stored + " AND settled = 'rewound'"))
                .as(step + ": settled")
                .isEqualTo(step == ReturnStep.SETTLED ? 1 : 0);
    }

    private static long saved(String region, GtidSet strays) throws Exception {
        long found = 0;
        for (Gtid gtid : strays.first((int) strays.count())) {
            found += count(region, "regent.stranded WHERE gtid = '" + gtid + "' AND disposition = 'held'");
        }
        return found;
    }

    private static long undone(String region, GtidSet strays) throws Exception {
        long found = 0;
        for (Gtid gtid : strays.first((int) strays.count())) {
            found += count(region, "regent_local.rewound WHERE gtid = '" + gtid + "'");
        }
        return found;
    }

    private static void isUndoneOnce(String where, GtidSet strays, String rows) throws Exception {
        assertThat(regions.cluster().verdicts().stream()
                        .filter(verdict -> verdict.voided().intersects(strays)))
                .as("verdicts on " + strays)
                .hasSize(1);
        assertThat(undone(where, strays)).isEqualTo(strays.count());
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(region, ROWS)).as(region).isEqualTo(rows);
            assertThat(saved(region, strays)).as(region).isEqualTo(strays.count());
        }
    }

    /**
     * While phx1 hangs at a row that it undoes, the master is lost, with writes that are only there, and the third region
     * opens. The old master is back before phx1 goes on: what it has to undo is saved at the new master, and waits there for
     * one more region, which is phx1.
     */
    @Test
    @Order(4)
    void aSecondFailoverInTheMiddleOfARewindAndWhoReturnsFromItAreUndoneOnceEach() throws Exception {
        assertThat(regions.master()).isEqualTo("aws2");
        regions.holdOff(Duration.ZERO); // phx1 says nothing of whom it reaches while it undoes
        Objects.requireNonNull(returned).close();
        CoordinatorProcess master = regions.spawn("aws2", "aws2-2");
        aws2.close();
        regions.awaitRenewalBy("aws2", "aws2-2", SOON);
        GtidSet strays = writtenByHand();
        hold(11); // after 2, and before 1
        regions.spawn("phx1", "phx1-7");
        awaitWaiting();
        await().atMost(SOON).until(() -> undone("phx1", strays) == 1);
        long verdicts = regions.cluster().verdicts().size();
        await().atMost(SOON).until(() -> settled("aws1") == verdicts); // else nobody could follow

        long epoch = regions.cluster().epoch();
        regions.write("aws2", "INSERT INTO app.t VALUES (21, 'newer')");
        GtidSet whole = regions.executed("aws2");
        await().atMost(SOON).until(() -> regions.executed("aws1").contains(whole));
        apart.loseAnswers();
        regions.write("aws2", "INSERT INTO app.t VALUES (22, 'lost')", "UPDATE app.t SET a = 'lost' WHERE id = 20");
        master.kill();
        regions.mysql("aws2").kill();
        regions.awaitOpen("aws1", SOON);
        assertThat(regions.cluster().epoch()).isEqualTo(epoch + 1);
        apart.cutAndHeal();
        regions.write("aws1", "INSERT INTO app.t VALUES (23, 'newest')");

        regions.mysql("aws2").start();
        GtidSet lost = regions.executed("aws2").subtract(regions.executed("aws1"));
        assertThat(lost.count()).isGreaterThanOrEqualTo(2);
        regions.spawn("aws2", "aws2-3");
        await().atMost(SOON).until(() -> saved("aws1", lost) == lost.count());
        assertThat(undone("phx1", strays)).as("phx1 hangs").isEqualTo(1);
        assertThat(regions.cluster().voided().intersects(lost))
                .as("saved once only")
                .isFalse();

        release();
        await().atMost(SOON).until(() -> regions.cluster().voided().contains(lost));
        await().atMost(SOON).until(() -> undone("aws2", lost) == lost.count());
        regions.awaitEqual(SOON);
        regions.verify();
        String rows = AFTERWARDS + ",21 newer,23 newest";
        isUndoneOnce("phx1", strays, rows);
        isUndoneOnce("aws2", lost, rows);
        assertThat(regions.cluster().verdicts()).hasSize((int) verdicts + 1);
        assertThat(regions.cluster().epoch()).as("nobody else took over").isEqualTo(epoch + 1);
        assertThat(regions.executed("aws1").contains(whole)).isTrue();
    }

    private static long settled(String region) {
        return Optional.ofNullable(regions.cluster().region(region).report())
                .map(report -> report.value().settled())
                .orElse(0L);
    }
}

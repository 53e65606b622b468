package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.failover.model.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator chooses for the work of clients that a move meets, and what the checks say before it. */
class MoveChoicesIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final long SLACK_MILLIS = 1_000;

    @TempDir
    static Path directory;

    private static ThreeRegions regions;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        regions.startAll();
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        regions.awaitEqual(SOON);
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    private static String master() {
        String master = regions.master();
        regions.awaitOpen(master, SOON);
        regions.awaitEqual(SOON);
        return master;
    }

    private static String after(String master) {
        List<String> names = ThreeRegions.NAMES;
        return names.get((names.indexOf(master) + 1) % names.size());
    }

    private static List<String> words(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", regions.file().toString()));
        return all;
    }

    private static Shell.Outcome dbctl(String... words) {
        return new Shell().run(words(words).toArray(String[]::new));
    }

    /** Has changed a row, and does not end by itself. */
    private static Connection longTransaction(String master, int id) throws SQLException {
        Connection session = regions.app(master);
        try (Statement statement = session.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("INSERT INTO app.t VALUES (" + id + ")");
        }
        park(1_100);
        return session;
    }

    private static void park(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    private static void commit(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("COMMIT");
        }
    }

    private static int rows(String region, int id) throws SQLException {
        return Integer.parseInt(regions.query(region, "SELECT COUNT(*) FROM app.t WHERE id = " + id));
    }

    @Test
    void aMoveThatMeetsALongTransactionIsCalledOffAfterItsPatienceAndTheTransactionCommits() throws Exception {
        String master = master();
        try (Connection session = longTransaction(master, 1)) {
            Shell.Outcome off = dbctl("promote", after(master), "--wait", "1");
            assertThat(off.out()).contains("called off", "held up by session ", " of app@", "INSERT INTO `app` . `t`");
            assertThat(off.code()).isEqualTo(1);
            commit(session);
        }
        assertThat(regions.master()).isEqualTo(master);
        assertThat(regions.cluster().ordered(Plan.Kind.MOVE)).isEmpty();
        assertThat(rows(master, 1)).isEqualTo(1);
    }

    @Test
    void aMoveWaitsForATransactionThatEndsInTime() throws Exception {
        String master = master();
        String target = after(master);
        try (Connection session = longTransaction(master, 2)) {
            CompletableFuture<Shell.Outcome> moving =
                    CompletableFuture.supplyAsync(() -> dbctl("promote", target, "--wait", "30"));
            await().atMost(SOON)
                    .until(() -> regions.cluster().ordered(Plan.Kind.MOVE).isPresent());
            park(700);
            assertThat(regions.master()).isEqualTo(master);
            assertThat(regions.cluster().master().value().closing()).isNull();
            commit(session);
            Shell.Outcome moved = moving.join();
            assertThat(moved.out()).contains(target + " is master and open");
            assertThat(moved.err()).contains("the move waits up to 30 s, then is called off, for session ");
            assertThat(moved.code()).isZero();
        }
        regions.awaitEqual(SOON);
        assertThat(rows(target, 2)).isEqualTo(1);
    }

    @Test
    void aMoveThatMayKillEndsTheTransactionAndNobodyElse() throws Exception {
        String master = master();
        String target = after(master);
        try (Connection session = longTransaction(master, 3);
                Connection bystander = regions.app(master)) {
            Shell.Outcome moved = dbctl("promote", target, "--kill");
            assertThat(moved.out()).contains(target + " is master and open");
            assertThat(moved.err()).contains("the move kills session ");
            assertThatThrownBy(() -> commit(session)).isInstanceOf(SQLException.class);
            assertThat(bystander.isValid(1)).as("was not thrown out").isTrue();
        }
        regions.awaitEqual(SOON);
        assertThat(rows(target, 3)).isZero();
    }

    @Test
    void anOrderWhoseCommandIsKilledIsCalledOffOrFollowedByTheCoordinatorAlone() throws Exception {
        String master = master();
        String target = after(master);
        try (Connection session = longTransaction(master, 4)) {
            killedOnceOrdered("promote", target, "--wait", "1");
            await().atMost(SOON)
                    .until(() -> regions.cluster().ordered(Plan.Kind.MOVE).isEmpty());
            assertThat(regions.master()).isEqualTo(master);
            commit(session);
        }
        killedOnceOrdered("promote", target);
        regions.awaitOpen(target, SOON);
        regions.awaitEqual(SOON);
        assertThat(rows(target, 4)).isEqualTo(1);
    }

    private static void killedOnceOrdered(String... words) throws Exception {
        long epoch = regions.cluster().epoch();
        int plans = regions.cluster().plans().size();
        CoordinatorProcess dbctl = CoordinatorProcess.run(directory.resolve("dbctl.log"), words(words));
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> regions.cluster().plans().size() > plans
                        || regions.cluster().epoch() > epoch);
        dbctl.kill();
    }

    @Test
    void aRehearsalNamesWhoWouldBeInTheWayAndOrdersNothing() throws Exception {
        String master = master();
        String target = after(master);
        int plans = regions.cluster().plans().size();
        try (Connection session = longTransaction(master, 5)) {
            Shell.Outcome busy = dbctl("rehearse", "promote", target, "--seconds", "1");
            assertThat(busy.out())
                    .contains("would be waited for, then call the move off or be killed (--kill): session ")
                    .contains("write pause: ");
            assertThat(busy.code()).isEqualTo(1);
            commit(session);
        }
        Shell.Outcome calm = dbctl("rehearse", "promote", target, "--seconds", "1", "--json");
        assertThat(calm.code()).as(calm.out() + calm.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(calm.out());
        assertThat(json.at("/preflight/verdict").asText()).isEqualTo("ready");
        assertThat(json.at("/behindMillis/median").asDouble()).isPositive();
        long most = json.at("/pauseMillis/most").asLong();
        assertThat(most).isGreaterThan(json.at("/pauseMillis/least").asLong());
        assertThat(regions.master()).isEqualTo(master);
        assertThat(regions.cluster().plans()).hasSize(plans);
        assertThat(shortestPauseOfThree(most + SLACK_MILLIS))
                .as("what was rehearsed, " + most + " ms at most, is what moves take")
                .isLessThanOrEqualTo(most + SLACK_MILLIS);
    }

    /** Of so many moves as it takes until one is short enough: a machine may be busy with something else. */
    private static long shortestPauseOfThree(long enough) throws IOException {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 3 && shortest > enough; i++) {
            Shell.Outcome moved = dbctl("promote", after(master()), "--json");
            assertThat(moved.code()).as(moved.out() + moved.err()).isZero();
            JsonNode pause = new ObjectMapper().readTree(moved.out()).at("/pauseMillis");
            shortest = Math.min(shortest, pause.asLong(Long.MAX_VALUE));
        }
        return shortest;
    }

    @Test
    void aRegionWithOtherDefinitionsOrAccountsIsRefusedAndForcedOnlyAtANamedRisk() throws Exception {
        String master = master();
        String target = after(master);
        root(target, "CREATE TABLE app.stray (id INT PRIMARY KEY)", "DROP USER app@'%'");
        try {
            Shell.Outcome refused = dbctl("promote", target, "--dry-run");
            assertThat(refused.out())
                    .contains("TABLE app.stray is missing in " + master, target + " lacks the account 'app'@'%'");
            assertThat(refused.code()).isEqualTo(1);
            Shell.Outcome forced = dbctl("promote", target, "--dry-run", "--force");
            assertThat(forced.out()).contains("forced: ", "risked: 'app'@'%' cannot log in at " + target);
            assertThat(forced.code()).isZero();
            Shell.Outcome told = dbctl("preflight", target, "--statements");
            assertThat(told.out()).contains("SET SESSION sql_log_bin = 0;", "CREATE USER `app`@`%`", "GRANT ");
            assertThat(told.out()).contains("'promote --force' takes the risks named");
            assertThat(told.code()).isEqualTo(1);
        } finally {
            root(
                    target,
                    "DROP TABLE app.stray",
                    "CREATE USER app@'%' IDENTIFIED BY 'app'",
                    "GRANT ALL ON app.* TO app@'%'",
                    "GRANT SELECT ON regent_local.* TO app@'%'");
        }
        assertThat(dbctl("preflight", target).code()).isZero();
    }

    /** As an administrator does behind Regent's back. */
    private static void root(String region, String... statements) throws SQLException {
        try (Connection root = regions.mysql(region).sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("SET sql_log_bin = 0");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}

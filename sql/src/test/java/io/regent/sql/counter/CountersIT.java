package io.regent.sql.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.sql.counter.Counters.Counter;
import io.regent.sql.counter.Counters.Table;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Statements;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server's counters do by themselves, and when they are raised. */
class CountersIT {
    private static final Table USER = new Table("app", "user");

    @TempDir
    static Path directory;

    private static LocalMysql server;

    @BeforeAll
    static void start() throws SQLException {
        server = LocalMysql.builder("counters", directory).start();
        run(
                "CREATE DATABASE app",
                "CREATE TABLE app.user (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT)",
                "CREATE TABLE app.small (id TINYINT AUTO_INCREMENT PRIMARY KEY)",
                "CREATE TABLE app.held (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT)",
                "CREATE TABLE app.large (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, n INT)",
                "CREATE TABLE app.none (id INT PRIMARY KEY)");
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static void run(String... statements) throws SQLException {
        try (Connection root = server.sessions().open()) {
            for (String sql : statements) {
                Statements.execute(root, sql);
            }
        }
    }

    private static String text(String query) throws SQLException {
        try (Connection root = server.sessions().open()) {
            return Statements.text(root, query).orElse("");
        }
    }

    private static long next(Table table) throws SQLException {
        try (Connection root = server.sessions().open()) {
            return Counters.read(root, table).map(Counter::next).orElseThrow().longValue();
        }
    }

    private static void raise(Table table, long above) throws SQLException {
        try (Connection root = server.sessions().open()) {
            Counters.raise(root, Map.of(table, BigInteger.valueOf(above)));
        }
    }

    /** What the code that raises relies on: all that a server executed itself raised its counters for good. */
    @Test
    void whatAServerInsertedRaisedItsCounterThoughItWasUndone() throws Exception {
        long before = next(USER);
        run("INSERT INTO app.user VALUES (" + (before + 40) + ", 0)");
        assertThat(next(USER)).isEqualTo(before + 41);
        run("BEGIN", "INSERT INTO app.user VALUES (" + (before + 60) + ", 0)", "ROLLBACK");
        assertThat(next(USER)).isEqualTo(before + 61);
        run("DELETE FROM app.user");
        server.kill();
        server.start();
        assertThat(next(USER)).as("the last one, now, and not the next").isEqualTo(before + 60);
        run("INSERT INTO app.user (n) VALUES (8)");
        assertThat(text("SELECT id FROM app.user WHERE n = 8")).isEqualTo(Long.toString(before + 61));
    }

    @Test
    void aCounterIsRaisedHereAloneAndStaysSoAfterACrash() throws Exception {
        long before = next(USER);
        String executed = text("SELECT @@global.gtid_executed");
        raise(USER, before + 500);
        assertThat(next(USER)).isEqualTo(before + 501);
        assertThat(text("SELECT @@global.gtid_executed")).isEqualTo(executed);
        raise(USER, before + 20);
        assertThat(next(USER)).as("never lowered").isEqualTo(before + 501);
        server.kill();
        server.start();
        run("INSERT INTO app.user (n) VALUES (7)");
        assertThat(Long.parseLong(text("SELECT id FROM app.user WHERE n = 7"))).isGreaterThan(before + 500);
    }

    @Test
    void whatHasNoCounterIsPassedAndAFullOneStaysFull() throws Exception {
        raise(new Table("app", "none"), 100);
        raise(new Table("nowhere", "user"), 100);
        run("INSERT INTO app.small VALUES (127)");
        raise(new Table("app", "small"), 127);
        assertThat(text("SELECT COUNT(*) FROM app.small")).isEqualTo("1");
        try (Connection root = server.sessions().open()) {
            assertThat(Counters.read(root))
                    .extracting(counter -> counter.table().name())
                    .contains("user", "small")
                    .doesNotContain("none");
        }
    }

    /** What it read before it waited for the table is old by then. */
    @Test
    void aCounterThatRanAheadWhileItsTableWasHeldIsNotLowered() throws Exception {
        Table held = new Table("app", "held");
        try (Connection client = server.sessions().open()) {
            for (String sql : List.of("SET autocommit = 0", "INSERT INTO app.held VALUES (100, 0)")) {
                Statements.execute(client, sql);
            }
            CompletableFuture<Void> raising = CompletableFuture.runAsync(() -> raiseUnchecked(held, 150));
            await().until(() -> text("SELECT COUNT(*) FROM information_schema.PROCESSLIST"
                            + " WHERE STATE = 'Waiting for table metadata lock'")
                    .equals("1"));
            for (String sql : List.of("INSERT INTO app.held VALUES (200, 0)", "DELETE FROM app.held", "COMMIT")) {
                Statements.execute(client, sql);
            }
            raising.get(20, TimeUnit.SECONDS);
        }
        assertThat(next(held)).isEqualTo(201);
        run("INSERT INTO app.held (n) VALUES (1)");
        assertThat(text("SELECT id FROM app.held")).isEqualTo("201");
    }

    private static void raiseUnchecked(Table table, long above) {
        try {
            raise(table, above);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its host is gone, and no FIN comes: mysqld is to notice by itself, and not after {@code wait_timeout}'s 8 hours. */
    @Test
    void aClientThatVanishesWhileItHasTheTableLeavesItLockedForSeconds() throws Exception {
        run("CREATE TABLE app.left (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT)");
        Table table = new Table("app", "left");
        try (Connection root = server.sessions().open();
                VanishingClient client = new VanishingClient(root, "ALTER TABLE")) {
            CompletableFuture<Void> raising = CompletableFuture.runAsync(() -> {
                try {
                    Counters.raise(client.session(), table, BigInteger.TEN);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            client.awaitVanished();
            assertThat(raising).isNotDone();
            long begun = System.nanoTime();
            run("SET lock_wait_timeout = 20; INSERT INTO app.left (n) VALUES (1)".split("; "));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
            client.comeBack();
            assertThat(raising).failsWithin(Duration.ofSeconds(10));
        }
        assertThat(next(table)).isEqualTo(2);
    }

    @Test
    void whatTheSessionWasSetToIsAsItWas() throws Exception {
        run("CREATE TABLE app.kept (id BIGINT AUTO_INCREMENT PRIMARY KEY)");
        try (Connection root = server.sessions().open()) {
            Statements.execute(root, "SET SESSION wait_timeout = 777");
            assertThat(Counters.raise(root, new Table("app", "kept"), BigInteger.TEN))
                    .isTrue();
            assertThat(Statements.numbers(root, "SELECT @@SESSION.wait_timeout"))
                    .containsExactly(777L);
            assertThat(Statements.numbers(root, "SELECT @@SESSION.sql_log_bin")).containsExactly(1L);
        }
    }

    @Test
    void aboveTheGreatestOfAllNumbersNothingIsGivenOutAnyMore() throws Exception {
        Table large = new Table("app", "large");
        BigInteger greatest = new BigInteger("18446744073709551615");
        try (Connection root = server.sessions().open()) {
            assertThat(Counters.raise(root, large, greatest)).isTrue();
            assertThat(Counters.raise(root, large, greatest)).as("again").isFalse();
        }
        assertThatThrownBy(() -> run("INSERT INTO app.large (n) VALUES (1)")).isInstanceOf(SQLException.class);
        assertThat(text("SELECT COUNT(*) FROM app.large")).isEqualTo("0");
    }

    /** A TINYINT ends at 127, which somebody was told; nobody else is. */
    @Test
    void aCounterAboveItsColumnsTypeGivesOutNothing() throws Exception {
        run("CREATE TABLE app.tiny (id TINYINT AUTO_INCREMENT PRIMARY KEY, n INT)");
        raise(new Table("app", "tiny"), 127);
        assertThatThrownBy(() -> run("INSERT INTO app.tiny (n) VALUES (1)")).isInstanceOf(SQLException.class);
        assertThat(text("SELECT COUNT(*) FROM app.tiny")).isEqualTo("0");
    }
}

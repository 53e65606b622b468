package io.regent.sql.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.counter.Counters.Counter;
import io.regent.sql.counter.Counters.Table;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.Statements;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
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
}

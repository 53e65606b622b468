package io.regent.sql.carriage;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.carriage.ServerContents.Item;
import io.regent.sql.carriage.ServerContents.Kind;
import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of fact, read from a real server, and its remedy where that is SQL. */
class CarriageIT {
    @TempDir
    static Path directory;

    private static LocalMysql phx1;
    private static LocalMysql plain;

    @BeforeAll
    static void start() throws Exception {
        plain = LocalMysql.builder("plain", directory).deleteOnClose().start();
        phx1 = LocalMysql.builder("phx1", directory)
                .option("binlog_format", "MIXED")
                .option("gtid_mode", "OFF")
                .option("enforce_gtid_consistency", "OFF")
                .option("binlog_row_image", "MINIMAL")
                .option("binlog_expire_logs_seconds", "3600")
                .deleteOnClose()
                .start();
        try (Connection root = phx1.sessions().open()) {
            run(
                    root,
                    "CREATE DATABASE app",
                    "CREATE TABLE app.m (id INT PRIMARY KEY) ENGINE = MyISAM",
                    "CREATE TABLE app.bare (a INT)",
                    "CREATE TABLE app.indexed (a INT, KEY (a))",
                    "CREATE TABLE app.t (id INT PRIMARY KEY, c VARCHAR(9) CHARACTER SET hp8, d DATETIME,"
                            + " e VARCHAR(9) COLLATE utf8mb4_0900_as_cs)",
                    "SET sql_generate_invisible_primary_key = ON",
                    "SET show_gipk_in_create_table_and_information_schema = OFF",
                    "CREATE TABLE app.gipk (a INT)",
                    "INSERT INTO mysql.time_zone (Time_zone_id) VALUES (1)",
                    "INSERT INTO mysql.time_zone_name VALUES ('Europe/Berlin', 1)",
                    "INSERT INTO mysql.time_zone_transition_type VALUES (1, 0, 3600, 0, 'CET')",
                    "CREATE VIEW app.v AS SELECT CONVERT_TZ(d, 'UTC', 'Asia/Tokyo') AS tokyo FROM app.t",
                    "CREATE FUNCTION app.plain() RETURNS INT DETERMINISTIC RETURN 1",
                    "SET time_zone = 'Europe/Berlin'",
                    "CREATE EVENT app.tidy ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' DO DELETE FROM app.t",
                    "SET time_zone = DEFAULT",
                    "CREATE USER app@'%' IDENTIFIED BY 'secret'",
                    "GRANT CONNECTION_ADMIN ON *.* TO app@'%'",
                    "CREATE USER regent_fence@'%' IDENTIFIED BY 'secret'",
                    "GRANT CONNECTION_ADMIN ON *.* TO regent_fence@'%'",
                    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1 FOR CHANNEL 'old'",
                    "XA START 'x'",
                    "XA END 'x'",
                    "XA ROLLBACK 'x'");
        }
    }

    @AfterAll
    static void close() {
        phx1.close();
        plain.close();
    }

    private static ServerContents read(LocalMysql server) throws SQLException {
        try (Connection root = server.sessions().open()) {
            return ServerContents.read(root, Set.of("regent_fence"));
        }
    }

    private static List<Obstacle> obstacles(LocalMysql server) throws SQLException {
        return Carriage.of(read(server), Duration.ofDays(1));
    }

    @Test
    void aNewServerHasNothingButSettingsThatInitMakes() throws Exception {
        assertThat(obstacles(plain)).filteredOn(Obstacle::isNeeded).allMatch(Obstacle::isSetOnline);
        assertThat(obstacles(plain))
                .extracting(Obstacle::subject)
                .containsOnly("binlog_row_metadata", "administrators, who write past read_only");
    }

    @Test
    void settingsAreRead() throws Exception {
        assertThat(obstacles(phx1))
                .extracting(Obstacle::subject)
                .contains(
                        "gtid_mode",
                        "enforce_gtid_consistency",
                        "binlog_format",
                        "binlog_row_image",
                        "binlog_row_metadata",
                        "binlog_expire_logs_seconds");
        assertThat(read(plain).value("lower_case_table_names")).isEqualTo("0");
        assertThat(read(plain).version().atLeast(8, 0, 23)).isTrue();
    }

    @Test
    void tablesAreReadAndAGeneratedKeyIsOneThoughItIsHidden() throws Exception {
        ServerContents contents = read(phx1);
        assertThat(contents.of(Kind.ENGINE)).containsExactly(new Item("app", "m", "MyISAM"));
        assertThat(contents.of(Kind.KEYLESS))
                .containsExactlyInAnyOrder(new Item("app", "bare", "0"), new Item("app", "indexed", "1"));
        assertThat(contents.of(Kind.VECTOR)).isEmpty();
    }

    @Test
    void collationsAreRead() throws Exception {
        ServerContents contents = read(phx1);
        assertThat(contents.of(Kind.COLLATED))
                .contains(
                        new Item("", "hp8_english_ci", "column app.t.c"),
                        new Item("", "utf8mb4_0900_as_cs", "column app.t.e"));
        assertThat(contents.of(Kind.COLLATION)).contains(new Item("", "hp8_english_ci", "6"));
        assertThat(Carriage.between("phx1", contents, "plain", read(plain)))
                .extracting(Obstacle::subject)
                .noneMatch(subject -> subject.startsWith("collation"));
    }

    @Test
    void timeZonesThatTheOtherServerLacksAreFound() throws Exception {
        List<Obstacle> found = Carriage.between("phx1", read(phx1), "plain", read(plain));
        assertThat(found).extracting(Obstacle::subject).containsExactly("time zones");
        assertThat(found.get(0).found())
                .contains("Europe/Berlin is used at phx1 (by app.tidy)", "plain has no such zone");
    }

    @Test
    void channelsAreReadAndTheirStatementsEndThem() throws Exception {
        assertThat(read(phx1).of(Kind.CHANNEL)).containsExactly(new Item("", "old", "127.0.0.1:1 stopped"));
        try (Connection root = phx1.sessions().open()) {
            run(root, "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1 FOR CHANNEL 'more'");
            run(root, "START REPLICA SQL_THREAD FOR CHANNEL 'more'");
            assertThat(read(phx1).of(Kind.CHANNEL)).contains(new Item("", "more", "127.0.0.1:1 running"));
            for (Obstacle obstacle : obstacles(phx1)) {
                if (obstacle.subject().equals("replica channel 'more'")) {
                    run(root, obstacle.statements().toArray(String[]::new));
                }
            }
        }
        assertThat(read(phx1).of(Kind.CHANNEL)).hasSize(1);
    }

    @Test
    void xaTransactionsAreCounted() throws Exception {
        assertThat(read(phx1).of(Kind.STATEMENTS)).containsExactly(new Item("", "statement/sql/xa_start", "1"));
        assertThat(read(plain).of(Kind.STATEMENTS)).isEmpty();
    }

    @Test
    void accountsAndEventsThatWritePastReadOnlyAreRead() throws Exception {
        ServerContents contents = read(phx1);
        assertThat(contents.of(Kind.PRIVILEGED))
                .containsExactlyInAnyOrder(new Item("app", "%", ""), new Item("root", "localhost", "ADMINISTRATOR"));
        assertThat(Carriage.straying(contents)).extracting(Obstacle::subject).containsExactly("event app.tidy");
        try (Connection root = phx1.sessions().open()) {
            for (Obstacle obstacle : Carriage.of(contents, Duration.ofHours(1))) {
                if (obstacle.subject().startsWith("accounts")) {
                    run(root, obstacle.statements().toArray(String[]::new));
                }
            }
            assertThat(read(phx1).of(Kind.PRIVILEGED)).hasSize(1);
            run(root, "GRANT CONNECTION_ADMIN ON *.* TO app@'%'");
        }
    }

    @Test
    void aSessionOfAnotherFormatIsReadUntilItsStatementEndsIt() throws Exception {
        try (Connection session = plain.sessions().open();
                Connection root = plain.sessions().open()) {
            run(session, "SET SESSION binlog_format = 'STATEMENT', binlog_row_image = 'MINIMAL'");
            String id = query(session, "SELECT CONNECTION_ID()");
            assertThat(read(plain).of(Kind.FORMAT)).containsExactly(new Item("", id, "STATEMENT"));
            assertThat(read(plain).of(Kind.IMAGE)).containsExactly(new Item("", id, "MINIMAL"));
            for (Obstacle obstacle : obstacles(plain)) {
                if (obstacle.subject().equals("binlog_format of sessions")) {
                    run(root, obstacle.statements().toArray(String[]::new));
                }
            }
        }
        assertThat(read(plain).of(Kind.FORMAT)).isEmpty();
        assertThat(read(plain).of(Kind.IMAGE)).isEmpty();
    }
}

package io.regent.sql.preflight;

import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.init.InitFixture;
import io.regent.sql.init.ServerInit;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.preflight.Concern.Level;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real servers, of which the second is not as the first. */
class ServerPairIT {
    private static final List<String> REGENT =
            List.of("regent_capture", "regent_apply", "regent_observe", "regent_fence");

    @TempDir
    static Path directory;

    private static LocalMysql phx1;
    private static LocalMysql aws1;

    @BeforeAll
    static void start() throws Exception {
        phx1 = begin("phx1", 1);
        aws1 = begin("aws1", 2);
        on(
                phx1,
                "CREATE DATABASE app",
                "CREATE TABLE app.t (a INT, b INT)",
                "CREATE USER app@'%' IDENTIFIED BY 'secret'",
                "GRANT SELECT (a, b), INSERT ON app.t TO app@'%'",
                "GRANT ALL ON app.* TO app@'%'",
                "CREATE USER old@'%' IDENTIFIED WITH mysql_native_password BY 'one'",
                "CREATE USER report@'10.%' IDENTIFIED BY 'secret' REQUIRE SSL",
                "CREATE ROLE reader",
                "GRANT SELECT ON app.* TO reader",
                "GRANT reader TO report@'10.%'",
                "CREATE EVENT app.tidy ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' DO DELETE FROM app.t",
                "CREATE DEFINER = app@'%' EVENT app.counts ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' DO DO 0");
        on(
                aws1,
                "CREATE DATABASE app",
                "CREATE TABLE app.t (a INT, b INT)",
                "CREATE USER app@'%' IDENTIFIED BY 'secret'",
                "GRANT SELECT ON app.* TO app@'%'",
                "CREATE USER old@'%' IDENTIFIED WITH mysql_native_password BY 'two'",
                "SET GLOBAL binlog_expire_logs_seconds = 3600",
                "SET GLOBAL sync_binlog = 0",
                "SET GLOBAL max_connections = 50");
    }

    private static LocalMysql begin(String name, int slot) throws Exception {
        LocalMysql server = LocalMysql.builder(name, directory).deleteOnClose().start();
        try (Connection root = server.sessions().open()) {
            new ServerInit(InitFixture.settings(slot), server.address()).apply(root);
        }
        return server;
    }

    private static void on(LocalMysql server, String... statements) throws SQLException {
        try (Connection root = server.sessions().open()) {
            run(root, "SET sql_log_bin = 0");
            run(root, statements);
        }
    }

    @AfterAll
    static void close() throws Exception {
        phx1.close();
        aws1.close();
    }

    private static List<Concern> concerns() throws SQLException {
        ServerPair pair = new ServerPair(sight("phx1", phx1), sight("aws1", aws1), Duration.ofHours(24));
        return pair.concerns(Map.of("phx1", GtidSet.EMPTY));
    }

    private static ServerSight sight(String region, LocalMysql server) throws SQLException {
        Account observe = InitFixture.settings().account(AccountRole.OBSERVE);
        return ServerSight.read(region, Sessions.to(server.address(), observe), REGENT);
    }

    private static List<String> texts(List<Concern> concerns, Level level) {
        return concerns.stream()
                .filter(concern -> concern.level() == level)
                .map(Concern::text)
                .toList();
    }

    /** A SET GLOBAL is gone at the next start, and nobody sees it before: the numbers of two regions collide until then. */
    @Test
    void aServerThatGivesOutAnothersNumbersIsRefusedAndItsStatementMendsIt() throws Exception {
        on(aws1, "SET GLOBAL auto_increment_offset = 1");
        on(phx1, "SET GLOBAL auto_increment_increment = 1");
        try {
            List<Concern> found = concerns().stream()
                    .filter(concern -> concern.text().contains("auto_increment"))
                    .toList();
            assertThat(texts(found, Level.ERROR))
                    .containsExactly(
                            "at phx1 auto_increment_increment is 1, not 8 as it was persisted",
                            "at aws1 auto_increment_offset is 1, not 2 as it was persisted");
            assertThat(found).allSatisfy(concern -> assertThat(concern.risk()).isNotEmpty());
            for (Concern concern : found) {
                on(
                        concern.region().equals("phx1") ? phx1 : aws1,
                        concern.statements().toArray(String[]::new));
            }
            assertThat(concerns()).noneMatch(concern -> concern.text().contains("auto_increment"));
        } finally {
            on(aws1, "SET GLOBAL auto_increment_offset = 2");
            on(phx1, "SET GLOBAL auto_increment_increment = 8");
        }
    }

    @Test
    void anAdministratorsSessionAtTheMasterIsNamed() throws Exception {
        try (Connection root = phx1.sessions().open()) {
            String id = InitFixture.query(root, "SELECT CONNECTION_ID()");
            assertThat(texts(concerns(), Level.WARNING))
                    .anySatisfy(text -> assertThat(text)
                            .startsWith("session " + id + " of root@")
                            .contains("can write at phx1 past read_only"));
        }
        assertThat(texts(concerns(), Level.WARNING)).noneMatch(text -> text.contains("past read_only"));
    }

    @Test
    void whatApplicationsWouldMissIsNamedAndItsStatementsMakeItEqual() throws Exception {
        List<Concern> before = concerns();
        assertThat(texts(before, Level.ERROR))
                .anySatisfy(text -> assertThat(text).contains("aws1 lacks the account 'report'@'10.%'"))
                .anySatisfy(text -> assertThat(text).contains("'old'@'%' has another password at aws1"))
                .anySatisfy(text ->
                        assertThat(text).contains("'app'@'%' lacks rights at aws1", "ALL PRIVILEGES on `app`.*"))
                .anySatisfy(text -> assertThat(text).contains("the event app.tidy of root@localhost writes at phx1"))
                .noneSatisfy(text -> assertThat(text).contains("app.counts"))
                .noneSatisfy(text -> assertThat(text).contains("regent_"));
        assertThat(texts(before, Level.WARNING))
                .anySatisfy(text -> assertThat(text).contains("passwords cannot be compared", "'app'@'%'"))
                .anySatisfy(text -> assertThat(text).contains("at aws1 binlog_expire_logs_seconds", "kept for 1 h"))
                .anySatisfy(text -> assertThat(text).contains("sync_binlog is 0 at aws1"))
                .anySatisfy(text -> assertThat(text).contains("max_connections is 50 at aws1"))
                .anySatisfy(text -> assertThat(text).contains("app.counts", "do not exist"));
        assertThat(before)
                .filteredOn(concern -> concern.level() == Level.ERROR)
                .allSatisfy(concern -> assertThat(concern.risk()).isNotEmpty());

        on(phx1, "CREATE USER plain@'%' IDENTIFIED BY 'secret'");
        for (Concern concern : concerns()) {
            on(
                    concern.region().equals("phx1") ? phx1 : aws1,
                    concern.statements().toArray(String[]::new));
        }
        assertThat(texts(concerns(), Level.ERROR)).isEmpty();
        assertThat(texts(concerns(), Level.WARNING)).noneMatch(text -> text.contains("passwords"));
        for (Account account : List.of(new Account("plain", "secret"), new Account("old", "one"))) {
            try (Connection session = Sessions.to(aws1.address(), account).open()) {
                run(session, "DO 0");
            }
        }
    }
}

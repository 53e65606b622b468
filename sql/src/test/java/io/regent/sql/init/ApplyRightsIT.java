package io.regent.sql.init;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rights of the apply account, on a server in STANDBY. */
class ApplyRightsIT {
    private static final String ORIGIN = "aaaaaaaa-0000-0000-0000-000000000001";
    private static final Set<Integer> DENIED = Set.of(1044, 1045, 1142, 1143, 1227, 1290, 1370, 1410, 1419);

    @TempDir
    static Path directory;

    private static LocalMysql server;

    private record Need(String privilege, String statement) {}

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("phx1", directory).start();
        try (Connection root = server.sessions().open()) {
            new ServerInit(InitFixture.settings(), server.address()).apply(root);
            run(root, "SET GLOBAL read_only = ON");
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void freshSchema() throws SQLException {
        try (Connection root = server.sessions().open()) {
            run(
                    root,
                    "SET sql_log_bin = 0",
                    "DROP DATABASE IF EXISTS app",
                    "DROP USER IF EXISTS plain, other, somerole",
                    "CREATE DATABASE app",
                    "CREATE TABLE app.t (id INT PRIMARY KEY, a INT)",
                    "INSERT INTO app.t VALUES (1, 1)",
                    "CREATE PROCEDURE app.old() SELECT 1",
                    "CREATE USER plain",
                    "CREATE ROLE somerole",
                    "GRANT SELECT ON app.* TO plain");
        }
    }

    private static Connection apply() throws SQLException {
        return Sessions.to(server.address(), InitFixture.settings().account(AccountRole.APPLY))
                .open();
    }

    /** The rights that the running version has. */
    static Stream<Need> needs() throws SQLException {
        List<String> rights = rights();
        return allNeeds().filter(need -> rights.contains(need.privilege));
    }

    private static List<String> rights() throws SQLException {
        try (Connection root = server.sessions().open()) {
            return AccountRole.APPLY.privileges(ServerState.read(root).version()).stream()
                    .map(Privilege::name)
                    .toList();
        }
    }

    private static Stream<Need> allNeeds() {
        return Stream.of(
                new Need("REPLICATION_APPLIER", "BINLOG 'not base64'"),
                new Need("CONNECTION_ADMIN", "INSERT INTO app.t VALUES (2, 2)"),
                new Need("SESSION_VARIABLES_ADMIN", "SET sql_log_bin = 0"),
                new Need("SYSTEM_USER", "CREATE DEFINER = root@localhost PROCEDURE app.p() SELECT 1"),
                new Need("SET_USER_ID", "CREATE DEFINER = plain PROCEDURE app.p() SELECT 1"),
                new Need("SET_ANY_DEFINER", "CREATE DEFINER = plain PROCEDURE app.p() SELECT 1"),
                new Need("ALLOW_NONEXISTENT_DEFINER", "CREATE DEFINER = nobody PROCEDURE app.p() SELECT 1"),
                new Need("SELECT", "CREATE TABLE app.t2 LIKE app.t"),
                new Need("INSERT", "INSERT INTO app.t VALUES (2, 2)"),
                new Need("UPDATE", "UPDATE app.t SET a = 3"),
                new Need("DELETE", "DELETE FROM app.t"),
                new Need("CREATE", "CREATE TABLE app.t2 (id INT)"),
                new Need("ALTER", "ALTER TABLE app.t ADD COLUMN b INT"),
                new Need("DROP", "TRUNCATE TABLE app.t"),
                new Need("LOCK TABLES", "LOCK TABLES app.t WRITE"),
                new Need("INDEX", "CREATE INDEX i ON app.t (a)"),
                new Need("REFERENCES", "CREATE TABLE app.c (id INT, FOREIGN KEY (id) REFERENCES app.t (id))"),
                new Need("CREATE VIEW", "CREATE VIEW app.v AS SELECT id FROM app.t"),
                new Need("CREATE ROUTINE", "CREATE PROCEDURE app.p() SELECT 1"),
                new Need("ALTER ROUTINE", "DROP PROCEDURE app.old"),
                new Need("EXECUTE", "CALL app.old()"),
                new Need("TRIGGER", "CREATE TRIGGER app.tr BEFORE INSERT ON app.t FOR EACH ROW SET NEW.a = 1"),
                new Need("EVENT", "CREATE EVENT app.e ON SCHEDULE EVERY 1 DAY DO SELECT 1"));
    }

    @Test
    void everyRightIsTriedBelow() throws SQLException {
        assertThat(needs().map(Need::privilege)).containsExactlyInAnyOrderElementsOf(rights());
    }

    @ParameterizedTest
    @MethodSource("needs")
    void withoutTheRightAStatementIsDenied(Need need) throws SQLException {
        try (Connection root = server.sessions().open()) {
            run(root, "SET sql_log_bin = 0", "REVOKE " + need.privilege + " ON *.* FROM regent_apply");
            try (Connection session = apply()) {
                assertThatThrownBy(() -> run(session, need.statement))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getErrorCode())
                                        .as(e.getMessage())
                                        .isIn(DENIED));
            } finally {
                run(root, "GRANT " + need.privilege + " ON *.* TO regent_apply");
            }
            try (Connection session = apply()) {
                if (need.privilege.equals("REPLICATION_APPLIER")) {
                    assertThatThrownBy(() -> run(session, need.statement))
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    e -> assertThat(e.getErrorCode()).isNotIn(DENIED));
                } else {
                    run(session, need.statement);
                }
            }
        }
    }

    @Test
    void replicatedStatementsOfAllKindsAreExecutedUnderTheirGtids() throws SQLException {
        List<String> statements = List.of(
                "CREATE DEFINER = root@localhost PROCEDURE app.p() SELECT 1",
                "CREATE DEFINER = root@localhost FUNCTION app.f() RETURNS INT DETERMINISTIC RETURN 1",
                "CREATE DEFINER = `no such`@`%` FUNCTION app.f2() RETURNS DOUBLE RETURN RAND()",
                "CREATE DEFINER = root@localhost VIEW app.v AS SELECT id FROM app.t WHERE a > 0",
                "CREATE OR REPLACE ALGORITHM = MERGE DEFINER = plain SQL SECURITY DEFINER VIEW app.v AS"
                        + " SELECT * FROM information_schema.TABLES",
                "CREATE DEFINER = root@localhost TRIGGER app.tr BEFORE INSERT ON app.t FOR EACH ROW SET NEW.a = 1",
                "CREATE DEFINER = root@localhost EVENT app.e ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM app.t",
                "ALTER DEFINER = plain EVENT app.e COMMENT 'x'",
                "CREATE TABLE app.t2 LIKE app.t",
                "CREATE TABLE app.c (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES app.t (id))",
                "ALTER TABLE app.t2 ADD COLUMN b INT, ADD INDEX (b)",
                "RENAME TABLE app.t2 TO app.t3",
                "TRUNCATE TABLE app.t3",
                "CREATE TABLE app.g (id INT PRIMARY KEY, g GEOMETRY NOT NULL SRID 0, j JSON, z TEXT,"
                        + " FULLTEXT KEY (z), SPATIAL INDEX (g))",
                "CREATE TABLE app.pt (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3",
                "ALTER TABLE app.pt TRUNCATE PARTITION p1",
                "DROP TABLE app.t3",
                "DROP TEMPORARY TABLE IF EXISTS app.temporary",
                "CREATE DATABASE app2 CHARACTER SET latin1",
                "ALTER DATABASE app2 CHARACTER SET utf8mb4",
                "DROP DATABASE app2",
                "DROP TRIGGER app.tr",
                "DROP FUNCTION app.f",
                "DROP VIEW app.v",
                "DROP EVENT app.e");
        try (Connection session = apply()) {
            String before = query(session, "SELECT GTID_SUBTRACT(@@global.gtid_executed, '')");
            int number = 1;
            for (String sql : statements) {
                run(session, "SET gtid_next = '" + ORIGIN + ":" + number++ + "'");
                assertThatCode(() -> run(session, sql)).as(sql).doesNotThrowAnyException();
            }
            run(session, "SET gtid_next = AUTOMATIC");
            assertThat(query(session, "SELECT GTID_SUBTRACT(@@global.gtid_executed, '" + before + "')"))
                    .isEqualTo(ORIGIN + ":1-" + statements.size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "original_commit_timestamp = 1",
                "original_server_version = 80033",
                "immediate_server_version = 80033",
                "explicit_defaults_for_timestamp = 0",
                "default_collation_for_utf8mb4 = utf8mb4_general_ci",
                "sql_require_primary_key = 0",
                "default_table_encryption = 0",
                "timestamp = 5.25",
                "pseudo_thread_id = 7",
                "pseudo_replica_mode = 1",
                "collation_database = latin1_swedish_ci",
                "insert_id = 1",
                "sql_log_bin = 0",
                "rbr_exec_mode = IDEMPOTENT",
                "foreign_key_checks = 0",
                "unique_checks = 0",
                "sql_auto_is_null = 0",
                "lc_time_names = de_DE",
                "auto_increment_increment = 1",
                "innodb_strict_mode = 0",
                "sql_generate_invisible_primary_key = 0",
                "sql_mode = 'ANSI_QUOTES'",
                "time_zone = '-03:30'",
                "lock_wait_timeout = 1",
                "innodb_lock_wait_timeout = 1"
            })
    void theSessionVariablesOfAStatementCanBeSet(String assignment) throws SQLException {
        try (Connection session = apply()) {
            run(session, "SET SESSION " + assignment);
        }
    }

    @Test
    void itCannotOpenTheServer() throws SQLException {
        try (Connection session = apply()) {
            assertThatThrownBy(() -> run(session, "SET GLOBAL read_only = OFF")).isInstanceOf(SQLException.class);
        }
    }
}

package io.regent.sql.init;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerInitIT {
    @TempDir
    static Path directory;

    private static LocalMysql server;
    private static ServerInit init;

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("phx1", directory).start();
        init = new ServerInit(InitFixture.settings(), server.address());
        try (Connection root = server.sessions().open()) {
            assertPlanOfANewServer(init.plan(root));
        }
    }

    private static void assertPlanOfANewServer(InitPlan plan) {
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.steps())
                .extracting(InitStep::subject)
                .contains("binlog_row_metadata", "super_read_only", "schema regent_local", "account regent_apply");
        assertThat(plan.text()).doesNotContain("pass'").contains("IDENTIFIED BY '***'");
    }

    @BeforeEach
    void apply() throws Exception {
        try (Connection root = server.sessions().open()) {
            init.apply(root);
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void nothingIsReplicatedAndASecondRunFindsNothingToDo() throws Exception {
        try (LocalMysql fresh =
                        LocalMysql.builder("fresh", directory).deleteOnClose().start();
                Connection root = fresh.sessions().open()) {
            run(root, "CREATE DATABASE app");
            GtidSet before = ServerState.read(root).gtidExecuted();
            ServerInit once = new ServerInit(InitFixture.settings(), fresh.address());
            assertThat(once.apply(root).steps()).isNotEmpty();
            assertThat(once.apply(root).steps()).isEmpty();
            assertThat(once.plan(root).isDone()).isTrue();
            assertThat(ServerState.read(root).gtidExecuted()).isEqualTo(before);
            assertThat(query(root, "SELECT @@sql_log_bin")).isEqualTo("1");
            assertThat(query(root, "SELECT @@sql_mode")).contains("STRICT_TRANS_TABLES");
        }
    }

    @Test
    void everyAccountCanLogIn() throws SQLException {
        for (AccountRole role : AccountRole.values()) {
            try (Connection session = Sessions.to(
                            server.address(), InitFixture.settings().account(role))
                    .open()) {
                assertThat(query(session, "SELECT CURRENT_USER()")).isEqualTo(role.defaultUser() + "@%");
            }
        }
    }

    @Test
    void whatWasChangedByHandIsRepaired() throws Exception {
        try (Connection root = server.sessions().open()) {
            run(
                    root,
                    "REVOKE REPLICATION_APPLIER, EVENT ON *.* FROM regent_apply",
                    "ALTER USER regent_capture IDENTIFIED BY 'other'",
                    "ALTER USER regent_observe ACCOUNT LOCK",
                    "REVOKE SELECT ON regent_local.* FROM regent_fence",
                    "SET GLOBAL binlog_row_image = 'MINIMAL'",
                    "SET PERSIST auto_increment_offset = 1",
                    "RESET PERSIST super_read_only");
            InitPlan plan = init.apply(root);
            assertThat(plan.steps())
                    .extracting(InitStep::subject)
                    .containsExactlyInAnyOrder(
                            "binlog_row_image",
                            "auto_increment_offset",
                            "super_read_only",
                            "account regent_apply",
                            "account regent_capture",
                            "account regent_observe",
                            "account regent_fence");
            assertThat(plan.text())
                    .contains("account regent_apply: without REPLICATION_APPLIER, EVENT")
                    .contains("account regent_capture: another password")
                    .contains("account regent_observe: locked");
            assertThat(init.plan(root).isDone()).isTrue();
        }
        everyAccountCanLogIn();
    }

    @Test
    void aProgramWhoseTextOrDefinerWasChangedIsReplaced() throws Exception {
        try (Connection root = server.sessions().open()) {
            run(
                    root,
                    "SET sql_log_bin = 0",
                    "DROP PROCEDURE regent_local.open",
                    "CREATE DEFINER = 'regent_fence'@'%' PROCEDURE regent_local.open(p_epoch BIGINT, p_nonce TEXT)"
                            + " COMMENT 'regent' BEGIN SET GLOBAL read_only = OFF; END",
                    "ALTER DEFINER = root@localhost EVENT regent_local.deadman ENABLE",
                    "DROP FUNCTION regent_local.run");
            assertThat(init.apply(root).steps())
                    .extracting(InitStep::subject)
                    .containsExactly(
                            "function regent_local.run", "procedure regent_local.open", "event regent_local.deadman");
            assertThat(init.plan(root).isDone()).isTrue();
            run(root, "ALTER DEFINER = 'regent_fence'@'%' EVENT regent_local.deadman DISABLE");
            assertThat(init.plan(root).text()).contains("event regent_local.deadman: changed -> replaced");
        }
    }

    @Test
    void aTableOfAnotherLayoutIsRefused() throws Exception {
        try (Connection root = server.sessions().open()) {
            String comment = query(
                    root,
                    "SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'regent_local'"
                            + " AND TABLE_NAME = 'guard'");
            run(root, "SET sql_log_bin = 0", "ALTER TABLE regent_local.guard COMMENT 'regent 99: new'");
            assertThatThrownBy(() -> init.apply(root))
                    .isInstanceOf(InitRefusedException.class)
                    .hasMessageContaining("table regent_local.guard: made by another version of Regent");
            run(root, "ALTER TABLE regent_local.guard COMMENT '" + comment + "'");
        }
    }

    @Test
    void aRightValueThatWouldNotOutliveARestartIsPersisted() throws Exception {
        try (Connection root = server.sessions().open()) {
            run(root, "RESET PERSIST binlog_row_image", "SET GLOBAL binlog_row_image = 'FULL'");
            assertThat(init.plan(root).text()).contains("binlog_row_image: FULL, but it would not last");
        }
    }

    @Test
    void rightsBeyondTheNeededAreNotedAndLeftAlone() throws Exception {
        try (Connection root = server.sessions().open()) {
            run(root, "GRANT SHUTDOWN ON *.* TO regent_capture");
            InitPlan plan = init.apply(root);
            assertThat(plan.steps()).isEmpty();
            assertThat(plan.notes())
                    .anyMatch(note -> note.contains("regent_capture has more") && note.contains("SHUTDOWN"));
            run(root, "REVOKE SHUTDOWN ON *.* FROM regent_capture");
        }
    }

    @Test
    void aServerStartsSealedAndThenInitChangesNothingOfIt() throws Exception {
        server.restart();
        try (Connection root = server.sessions().open()) {
            assertThat(ServerState.read(root).writeState()).isEqualTo(WriteState.SEALED);
            assertThat(init.plan(root).isDone()).isTrue();
            run(root, "SET GLOBAL super_read_only = OFF", "REVOKE PROCESS ON *.* FROM regent_observe");
            run(root, "SET GLOBAL super_read_only = ON");
            assertThatThrownBy(() -> init.apply(root))
                    .isInstanceOf(InitRefusedException.class)
                    .hasMessageContaining("SEALED, and there is something to write");
            run(root, "SET GLOBAL super_read_only = OFF");
            init.apply(root);
            assertThat(ServerState.read(root).writeState()).isEqualTo(WriteState.STANDBY);
            run(root, "SET GLOBAL read_only = OFF");
        }
    }

    @Test
    void allThatNeedsARestartIsToldAtOnceAndNothingIsDone() throws Exception {
        InitSettings settings = new InitSettings(InitFixture.settings().accounts(), 8, 2, Set.of(77L));
        try (LocalMysql wrong = LocalMysql.builder("wrong", directory)
                        .serverId(77)
                        .option("gtid_mode", "OFF")
                        .option("enforce_gtid_consistency", "OFF")
                        .option("log_replica_updates", "OFF")
                        .option("binlog_format", "MIXED")
                        .option("binlog_do_db", "app")
                        .option("event_scheduler", "DISABLED")
                        .option("persisted_globals_load", "OFF")
                        .option("sync_binlog", "0")
                        .deleteOnClose()
                        .start();
                Connection root = wrong.sessions().open()) {
            run(
                    root,
                    "CREATE DATABASE app",
                    "CREATE TABLE app.bare (a INT)",
                    "CREATE TABLE app.m (a INT PRIMARY KEY) ENGINE=MyISAM");
            ServerInit refused = new ServerInit(settings, wrong.address());
            assertThatThrownBy(() -> refused.apply(root))
                    .isInstanceOfSatisfying(
                            InitRefusedException.class,
                            e -> assertThat(e.plan().problems())
                                    .extracting(InitProblem::subject)
                                    .containsExactlyInAnyOrder(
                                            "gtid_mode",
                                            "enforce_gtid_consistency",
                                            "log_replica_updates",
                                            "binlog_format",
                                            "binlog filters",
                                            "server_id",
                                            "event_scheduler",
                                            "persisted_globals_load"));
            assertThat(refused.plan(root).notes())
                    .anyMatch(note -> note.startsWith("sync_binlog=0"))
                    .anyMatch(note -> note.startsWith("tables without a primary key: app.bare"))
                    .anyMatch(note -> note.startsWith("cannot be carried: tables that are not InnoDB: app.m (MyISAM)"));
            assertThat(query(root, "SELECT COUNT(*) FROM mysql.user WHERE User LIKE 'regent%'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void anAccountOfAnotherHostPartIsNotTakenForOurs() throws Exception {
        try (Connection root = server.sessions().open()) {
            run(root, "SET sql_log_bin = 0", "CREATE USER regent_capture@localhost IDENTIFIED BY 'shadow'");
            // MySQL prefers the more specific host: the login of ours fails, and init says which account.
            assertThatThrownBy(() -> init.apply(root))
                    .isInstanceOf(InitRefusedException.class)
                    .hasMessageContaining("account regent_capture: another password");
            run(root, "DROP USER regent_capture@localhost");
        }
    }
}

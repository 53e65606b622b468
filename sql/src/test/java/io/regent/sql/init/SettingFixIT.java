package io.regent.sql.init;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a server where much is wrong, of which a part can be set while it runs. */
class SettingFixIT {
    private static final String PERSISTED =
            "SELECT COUNT(*) FROM performance_schema.persisted_variables WHERE VARIABLE_NAME LIKE '%s'";

    @TempDir
    static Path directory;

    private static LocalMysql server;

    private final SettingFix fix = new SettingFix(InitFixture.settings(), Duration.ofDays(2));

    @BeforeAll
    static void start() {
        server = LocalMysql.builder("phx1", directory)
                .option("gtid_mode", "OFF")
                .option("enforce_gtid_consistency", "OFF")
                .option("binlog_format", "MIXED")
                .option("transaction_write_set_extraction", "OFF")
                .option("binlog_row_image", "MINIMAL")
                .option("binlog_expire_logs_seconds", "3600")
                .option("event_scheduler", "OFF")
                .deleteOnClose()
                .start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void whatCanBeSetOnlineIsSetAndTheRestIsLeftToAHuman() throws Exception {
        try (Connection root = server.sessions().open();
                Connection old = server.sessions().open()) {
            String id = query(old, "SELECT CONNECTION_ID()");
            InitPlan plan = fix.plan(root);
            assertThat(plan.steps())
                    .extracting(InitStep::subject)
                    .contains("binlog_row_metadata", "binlog_row_image", "binlog_format", "binlog_expire_logs_seconds")
                    .doesNotContain(
                            "gtid_mode",
                            "enforce_gtid_consistency",
                            "event_scheduler",
                            "auto_increment_increment",
                            "super_read_only");
            assertThat(plan.steps())
                    .flatExtracting(InitStep::statements)
                    .allMatch(sql -> sql.toString().startsWith("SET PERSIST "));
            assertThat(query(root, PERSISTED.formatted("%")))
                    .as("it only looked")
                    .isEqualTo("0");

            InitPlan done = fix.apply(root);
            assertThat(done.steps()).isEqualTo(plan.steps());
            assertThat(done.problems())
                    .extracting(InitProblem::subject)
                    .containsExactlyInAnyOrder(
                            "gtid_mode",
                            "enforce_gtid_consistency",
                            "binlog_format of sessions",
                            "binlog_row_image of sessions");
            assertThat(done.problems())
                    .filteredOn(problem -> problem.subject().endsWith("of sessions"))
                    .hasSize(2)
                    .allSatisfy(problem -> assertThat(problem.remedy()).contains("KILL " + id));
            assertThat(query(old, "SELECT @@session.binlog_format"))
                    .as("not touched")
                    .isEqualTo("MIXED");
            assertThat(query(root, PERSISTED.formatted("gtid%"))).isEqualTo("0");
            assertThat(query(root, "SELECT @@global.gtid_mode")).isEqualTo("OFF");
            assertThat(query(root, "SELECT @@global.binlog_expire_logs_seconds"))
                    .isEqualTo("172800");
            assertThat(query(root, "SELECT @@global.event_scheduler")).isEqualTo("OFF");
        }
        try (Connection root = server.sessions().open()) {
            assertThat(query(
                            root,
                            "SELECT CONCAT_WS(' ', @@binlog_format, @@binlog_row_image, @@global.binlog_row_metadata)"))
                    .isEqualTo("ROW FULL FULL");
            assertThat(fix.plan(root).steps()).as("nothing is left to set").isEmpty();
            run(root, "SET GLOBAL binlog_row_image = 'MINIMAL'");
            assertThat(fix.plan(root).steps()).extracting(InitStep::subject).containsExactly("binlog_row_image");
            run(root, "SET GLOBAL binlog_row_image = 'FULL'");
        }
    }
}

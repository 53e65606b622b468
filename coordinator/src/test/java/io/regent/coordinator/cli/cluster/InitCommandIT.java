package io.regent.coordinator.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.sql.local.LocalMysql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandIT {
    private static final String NOBODY = "127.0.0.1:1";

    @TempDir
    static Path directory;

    private static LocalMysql server;
    private static String config;
    private static String withUnreachable;

    private final Shell shell = new Shell();

    @BeforeAll
    static void start() throws Exception {
        server = LocalMysql.builder("r1", directory).start();
        String address = server.address().toString();
        config = Clusters.file(directory, List.of(address)).toString();
        withUnreachable = Clusters.file(directory, List.of(NOBODY, address)).toString();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void aDryRunPrintsThePlanAndChangesNothingThenInitDoesItOnce() throws Exception {
        try (LocalMysql fresh =
                LocalMysql.builder("fresh", directory).deleteOnClose().start()) {
            String file = Clusters.file(
                            directory, List.of(fresh.address().toString(), NOBODY, NOBODY.replace(":1", ":2")))
                    .toString();
            Shell.Outcome dry = shell.run("init", "--config", file, "--no-password", "--region", "r1", "--dry-run");
            assertThat(dry.out()).contains("region r1", "would do", "account regent_apply: absent");
            assertThat(dry.out()).doesNotContain("pass'").contains("server_id of r2 could not be compared");
            assertThat(dry.code()).isZero();
            assertThat(accounts(fresh)).isZero();

            Shell.Outcome once = shell.run("init", "--config", file, "--no-password", "--region", "r1");
            assertThat(once.out() + once.err()).contains("region r1 (" + fresh.address() + "): ready");
            assertThat(once.code()).isZero();
            assertThat(accounts(fresh)).isEqualTo(4);
            assertThat(number(fresh, "SELECT @@global.auto_increment_increment"))
                    .isEqualTo(8);

            Shell.Outcome twice = shell.run("init", "--config", file, "--no-password", "--region", "r1");
            assertThat(twice.out()).contains("was ready", "nothing to do");
            assertThat(twice.code()).isZero();
        }
    }

    @Test
    void aFixSetsWhatItCanAndSaysWhatIsLeft() throws Exception {
        try (LocalMysql wrong = LocalMysql.builder("wrong", directory)
                .option("binlog_row_image", "MINIMAL")
                .option("gtid_mode", "ON_PERMISSIVE")
                .deleteOnClose()
                .start()) {
            String file = Clusters.file(
                            Files.createTempDirectory(directory, "fix"),
                            List.of(wrong.address().toString()))
                    .toString();
            Shell.Outcome dry = shell.run("init", "--config", file, "--no-password", "--fix", "--dry-run");
            assertThat(dry.out())
                    .contains(
                            "would set binlog_row_image: MINIMAL",
                            "    SET PERSIST binlog_row_image = 'FULL';",
                            "left to you: gtid_mode: ON_PERMISSIVE",
                            "SET PERSIST gtid_mode = ON");
            assertThat(dry.code()).isEqualTo(1);
            assertThat(number(wrong, "SELECT @@global.binlog_row_image = 'MINIMAL'"))
                    .isEqualTo(1);

            Shell.Outcome fixed = shell.run("init", "--config", file, "--no-password", "--fix");
            assertThat(fixed.out())
                    .contains("something is left to you", "  set binlog_row_image: MINIMAL", "left to you: gtid_mode");
            assertThat(fixed.code()).isEqualTo(1);
            assertThat(number(wrong, "SELECT @@global.binlog_row_image = 'FULL'"))
                    .isEqualTo(1);
            assertThat(accounts(wrong)).as("it makes no account").isZero();

            try (Connection root = wrong.sessions().open();
                    Statement statement = root.createStatement()) {
                statement.execute("SET GLOBAL gtid_mode = ON");
                statement.execute("SET GLOBAL binlog_row_image = 'MINIMAL'");
            }
            Shell.Outcome whole = shell.run("--json", "init", "--config", file, "--no-password", "--fix");
            assertThat(whole.code()).as(whole.out()).isZero();
            JsonNode region =
                    new ObjectMapper().readTree(whole.out()).get("regions").get(0);
            assertThat(region.get("outcome").asText()).isEqualTo("done");
            assertThat(region.get("steps").get(0).get("subject").asText()).isEqualTo("binlog_row_image");
        }
    }

    @Test
    void aFixFoundsNoCluster() {
        Shell.Outcome outcome = shell.run("init", "--config", config, "--no-password", "--fix", "--master", "r1");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("--fix founds no cluster");
    }

    @Test
    void anUnreachableRegionFailsWithItsNameAndTheOthersAreDone() throws Exception {
        Shell.Outcome outcome = shell.run("--json", "init", "--config", withUnreachable, "--no-password");
        assertThat(outcome.code()).isEqualTo(2);
        JsonNode regions = new ObjectMapper().readTree(outcome.out()).get("regions");
        assertThat(regions.get(0).get("outcome").asText()).isEqualTo("failed");
        assertThat(regions.get(0).get("error").asText()).contains("region r1: cannot reach " + NOBODY);
        assertThat(regions.get(1).get("outcome").asText()).isIn("done", "unchanged");
        assertThat(outcome.out()).doesNotContain("pass'");
        assertThat(number(server, "SELECT @@global.auto_increment_offset")).isEqualTo(2);
    }

    @Test
    void aWrongPasswordIsSaidInOneLineWithoutIt() throws Exception {
        Path file = Files.writeString(directory.resolve("admin"), "hunter2\n");
        shell.with("ADMIN", "hunter2");
        for (String[] source :
                List.of(new String[] {"--password-env", "ADMIN"}, new String[] {"--password-file", file.toString()})) {
            Shell.Outcome outcome = shell.run("init", "--config", config, source[0], source[1]);
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.err())
                    .isEqualToIgnoringNewLines("dbctl: region r1: " + server.address()
                            + " refuses user root with this password; check both");
            assertThat(outcome.out()).doesNotContain("hunter2");
        }
    }

    @Test
    void anotherAdministratorMayDoItWithAPassword() throws Exception {
        try (Connection root = server.sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("CREATE USER IF NOT EXISTS boss@'%' IDENTIFIED BY 'b0ss'");
            statement.execute("GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION");
        }
        shell.with("BOSS", "b0ss");
        Shell.Outcome outcome = shell.run("init", "--config", config, "--user", "boss", "--password-env", "BOSS");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
    }

    private static long accounts(LocalMysql mysql) throws SQLException {
        return number(mysql, "SELECT COUNT(*) FROM mysql.user WHERE User LIKE 'regent\\_%'");
    }

    private static long number(LocalMysql mysql, String query) throws SQLException {
        try (Connection root = mysql.sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}

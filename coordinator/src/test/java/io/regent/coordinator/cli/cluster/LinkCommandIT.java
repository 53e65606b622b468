package io.regent.coordinator.cli.cluster;

import static io.regent.coordinator.cli.cluster.Clusters.query;
import static io.regent.coordinator.cli.cluster.Clusters.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Shell;
import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkCommandIT {
    @TempDir
    static Path directory;

    private static LocalMysql source;
    private static LocalMysql target;
    private static String config;

    private final Shell shell = new Shell();

    @BeforeAll
    static void start() throws Exception {
        source = LocalMysql.builder("r1", directory).start();
        target = LocalMysql.builder("r2", directory).start();
        config = Clusters.file(
                        directory,
                        List.of(source.address().toString(), target.address().toString()))
                .toString();
        assertThat(new Shell().run("init", "--config", config, "--no-password").code())
                .isZero();
    }

    @AfterAll
    static void close() {
        source.close();
        target.close();
    }

    @Test
    void theTargetHasWhatTheSourceHadAndALinkThatMustStopSaysWhy() throws Exception {
        run(
                source,
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY)",
                "INSERT INTO app.t VALUES (1),(2)");
        Shell.Outcome carried = shell.run("link", "--config", config, "r1", "r2", "--until-caught-up");
        assertThat(carried.err()).isEmpty();
        assertThat(carried.out()).contains("link r2<-r1: running", "3 transactions");
        assertThat(carried.code()).isZero();
        assertThat(query(target, "SELECT COUNT(*) FROM app.t")).isEqualTo("2");

        run(target, "SET sql_log_bin=0", "DELETE FROM app.t WHERE id=1");
        run(source, "DELETE FROM app.t WHERE id=1");
        Shell.Outcome stopped = shell.run("--json", "link", "--config", config, "r1", "r2");
        assertThat(stopped.code()).isEqualTo(1);
        assertThat(stopped.out()).contains("\"state\" : \"failed\"", "app.t", "1032", source.serverUuid() + ":4");
    }

    @Test
    void aTargetWhoseClusterHasAMasterIsLeftToItsCoordinator() throws Exception {
        run(
                target,
                "SET GLOBAL read_only = ON", // else the dead-man closes a server that knows an epoch and has no lease
                "SET sql_log_bin = 0",
                "INSERT INTO regent_local.epoch (epoch, region, recorded_at) VALUES (7, 'r1', SYSDATE(6))");
        try {
            Shell.Outcome refused = shell.run("link", "--config", config, "r1", "r2", "--until-caught-up");
            assertThat(refused.err()).contains("r2 belongs to a cluster that has a master");
            assertThat(refused.code()).isEqualTo(2);
        } finally {
            run(target, "SET sql_log_bin = 0", "DELETE FROM regent_local.epoch", "SET GLOBAL read_only = OFF");
        }
    }

    @Test
    void wrongUseIsSaidInOneLine() {
        assertThat(shell.run("link", "--config", config, "r1", "r1").err()).contains("a link joins two regions");
        assertThat(shell.run("link", "--config", config, "r1", "r3").err()).contains("no region 'r3'");
        assertThat(shell.run("link", "--config", config, "r1", "r2", "--order", "any")
                        .err())
                .contains("strict, grouped or free");
        assertThat(shell.run("link", "--config", config, "r1", "r2", "--workers", "0")
                        .code())
                .isEqualTo(2);
    }
}

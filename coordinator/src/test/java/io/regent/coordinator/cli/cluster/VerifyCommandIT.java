package io.regent.coordinator.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.Master;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandIT {
    @TempDir
    static Path directory;

    private static LocalMysql one;
    private static LocalMysql two;
    private static String config;

    private final Shell shell = new Shell();

    @BeforeAll
    static void start() throws Exception {
        one = LocalMysql.builder("r1", directory).serverId(1).start();
        two = LocalMysql.builder("r2", directory).serverId(2).start();
        config = Clusters.file(
                        directory,
                        List.of(one.address().toString(), two.address().toString()))
                .toString();
        Shell.Outcome init = new Shell().run("init", "--config", config, "--no-password");
        assertThat(init.code()).as(init.out() + init.err()).isZero();
        for (LocalMysql server : List.of(one, two)) {
            run(
                    server,
                    "CREATE DATABASE app",
                    "CREATE TABLE app.t (id INT PRIMARY KEY)",
                    "INSERT INTO app.t VALUES (1)");
        }
    }

    @AfterAll
    static void close() {
        one.close();
        two.close();
    }

    @Test
    void equalRegionsAreAYesAndARowTooManyIsANo() throws Exception {
        Shell.Outcome equal = shell.run("verify", "--config", config, "--patience", "2");
        assertThat(equal.out() + equal.err()).contains("r1, r2: equal");
        assertThat(equal.code()).isZero();

        run(two, "INSERT INTO app.t VALUES (2)");
        Shell.Outcome differ = shell.run("verify", "--config", config, "--patience", "2");
        assertThat(differ.out()).contains("r1, r2: NOT EQUAL", "app.t (2): r1 has none; r2 has 1");
        assertThat(differ.code()).isEqualTo(1);

        Shell.Outcome json = shell.run("verify", "--config", config, "--patience", "2", "--json", "--quiet");
        assertThat(new ObjectMapper().readTree(json.out()).get("equal").asBoolean(true))
                .isFalse();
        assertThat(json.err()).isEmpty();
        assertThat(json.code()).isEqualTo(1);
        run(two, "DELETE FROM app.t WHERE id = 2");
    }

    /** They are each region's own: told, and no difference of the data. */
    @Test
    void accountsAreComparedWithTheStatementsThatWouldMakeThemEqual() throws Exception {
        run(one, "CREATE USER shop@'%' IDENTIFIED BY 'secret'", "GRANT SELECT, INSERT ON app.* TO shop@'%'");
        Shell.Outcome missing = shell.run("verify", "--config", config, "--patience", "2", "--quiet");
        assertThat(missing.out())
                .contains("r1, r2: equal", "compared with those of r1", "r2 lacks the account 'shop'@'%'");
        assertThat(missing.out()).doesNotContain("CREATE USER");
        assertThat(missing.code()).isZero();

        run(two, "CREATE USER shop@'%' IDENTIFIED BY 'secret'", "GRANT SELECT ON app.* TO shop@'%'");
        Shell.Outcome right = shell.run("verify", "--config", config, "--patience", "2", "--quiet", "--statements");
        assertThat(right.out())
                .contains("lacks rights at r2: INSERT on `app`.*", "GRANT INSERT ON `app`.* TO 'shop'@'%';");

        Shell.Outcome json =
                shell.run("verify", "--config", config, "--patience", "2", "--quiet", "--statements", "--json");
        JsonNode shown = new ObjectMapper().readTree(json.out());
        assertThat(shown.get("equal").asBoolean()).isTrue();
        assertThat(shown.get("accounts").toString()).contains("GRANT INSERT ON `app`.* TO 'shop'@'%'");
        run(one, "DROP USER shop@'%'");
        run(two, "DROP USER shop@'%'");
        assertThat(shell.run("verify", "--config", config, "--patience", "2", "--quiet")
                        .out())
                .doesNotContain("accounts");
    }

    @Test
    void aRegionThatCannotBeAskedIsNamed() throws Exception {
        String file = Clusters.file(
                        directory,
                        List.of(one.address().toString(), two.address().toString(), "127.0.0.1:1"))
                .toString();
        Shell.Outcome outcome = shell.run("verify", "--config", file);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("dbctl: region r3: cannot reach 127.0.0.1:1");
        assertThat(shell.run("verify", "--config", file, "--region", "r1").err())
                .contains("at least two regions");
    }

    @Test
    void whatDiffersIsKeptWhereAMoveLooksForItUntilItIsFoundEqual() throws Exception {
        try (TestingServer zookeeper = new TestingServer(true);
                ClusterObserver observer =
                        ClusterObserver.connect(zookeeper.getConnectString(), "verified", List.of("r1", "r2"))) {
            assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
            String file = Clusters.file(
                            directory,
                            "verified",
                            zookeeper.getConnectString(),
                            List.of(one.address().toString(), two.address().toString()))
                    .toString();
            run(two, "INSERT INTO app.t VALUES (3)");
            Shell.Outcome unfounded = shell.run("verify", "--config", file, "--patience", "2", "--quiet");
            assertThat(unfounded.err()).as("no cluster, no moves").isEmpty();
            assertThat(observer.setup()
                            .createCluster(Master.first("r1", GtidSet.EMPTY, "test"), Timing.standard())
                            .isOk())
                    .isTrue();

            Shell.Outcome differ = shell.run("verify", "--config", file, "--patience", "2", "--quiet");
            assertThat(differ.err()).isEmpty();
            assertThat(observer.setup().differences())
                    .isInstanceOfSatisfying(
                            Seen.Found.class,
                            seen -> assertThat(seen.toString())
                                    .contains("regions=[r1, r2]", "total=1", "app.t: 1 rows differ"));

            Differences third = new Differences("2026-11-30T05:00:00Z", List.of("r2", "r3"), 1, List.of("of r3"));
            assertThat(observer.setup().differ(third).isOk()).isTrue();
            shell.run("verify", "--config", file, "--patience", "2", "--quiet");
            assertThat(observer.setup().differences())
                    .as("what is known of a region that was not compared stands")
                    .isInstanceOfSatisfying(
                            Seen.Found.class,
                            seen -> assertThat(seen.toString()).contains("regions=[r1, r2, r3]", "total=2", "of r3"));
            assertThat(observer.setup()
                            .differ(new Differences("2026-11-30T05:00:00Z", List.of("r1", "r2"), 1, List.of()))
                            .isOk())
                    .isTrue();

            run(two, "DELETE FROM app.t WHERE id = 3");
            Shell.Outcome equal = shell.run("verify", "--config", file, "--patience", "2", "--quiet");
            assertThat(equal.code()).as(equal.out() + equal.err()).isZero();
            assertThat(equal.err()).isEmpty();
            assertThat(observer.setup().differences())
                    .isInstanceOfSatisfying(
                            Seen.Found.class,
                            seen -> assertThat(seen.toString()).contains("total=0"));
        }
    }

    /** The regions are not linked here, so each is changed by itself and without a trace in its binlog. */
    private static void run(LocalMysql server, String... statements) throws SQLException {
        try (Connection root = server.sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("SET sql_log_bin = 0");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}

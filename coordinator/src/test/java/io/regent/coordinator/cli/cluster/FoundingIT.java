package io.regent.coordinator.cli.cluster;

import static io.regent.coordinator.cli.cluster.Clusters.query;
import static io.regent.coordinator.cli.cluster.Clusters.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Absent;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Origin;
import io.regent.failover.model.RegionState;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundingIT {
    @TempDir
    static Path directory;

    private static TestingServer zookeeper;
    private static LocalMysql one;
    private static LocalMysql two;

    private final Shell shell = new Shell();

    @BeforeAll
    static void start() throws Exception {
        zookeeper = withSessionsFrom(1_000);
        one = LocalMysql.builder("r1", directory).start();
        two = LocalMysql.builder("r2", directory).start();
        run(one, "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        assertThat(founding("first", "--dry-run").out())
                .contains("cluster first: would be founded in ZooKeeper: epoch 1, master r1, 2 transactions");
        assertThat(query(one, "SELECT COUNT(*) FROM mysql.user WHERE User LIKE 'regent%'"))
                .isEqualTo("0");
        assertThat(founding("prepares").code()).isZero();
    }

    private static TestingServer withSessionsFrom(int millis) throws Exception {
        Map<String, Object> shortest = Map.of("minSessionTimeout", Integer.toString(millis));
        return new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, 500, -1, shortest), true);
    }

    @Test
    void aZooKeeperWithLongSessionsIsRefusedBeforeAnythingIsClosed() throws Exception {
        try (TestingServer slow = withSessionsFrom(4_000)) {
            Path config = Clusters.file(
                    directory,
                    "slow",
                    slow.getConnectString(),
                    List.of(one.address().toString(), two.address().toString()));
            Shell.Outcome outcome = shell.run("init", "--config", config.toString(), "--no-password", "--master", "r1");
            assertThat(outcome.err()).contains("tickTime=500");
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(query(one, "SELECT @@global.read_only")).isEqualTo("0");
        }
    }

    @BeforeEach
    void open() throws Exception {
        for (LocalMysql server : List.of(one, two)) {
            run(server, "SET GLOBAL super_read_only = OFF", "SET GLOBAL read_only = OFF");
        }
    }

    @AfterAll
    static void close() throws Exception {
        one.close();
        two.close();
        zookeeper.close();
    }

    @Test
    void aClusterBeginsWithExactlyWhatItsClosedMasterHas() throws Exception {
        run(one, "INSERT INTO app.t VALUES (1)");
        Shell.Outcome outcome = founding("exact");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains(
                        "cluster exact: founded in ZooKeeper: epoch 1, master r1",
                        "r1 is closed (SEALED): it takes no writes until its coordinator runs and opens it",
                        "r2 is closed (SEALED): it takes no writes until its coordinator runs");
        assertThat(outcome.code()).isZero();

        ClusterState cluster = ((Found<ClusterState>) look("exact")).value();
        assertThat(cluster.master().value().region()).isEqualTo("r1");
        assertThat(cluster.master().value().priorReleased()).isTrue();
        assertThat(cluster.master().value().cut())
                .isEqualTo(GtidSet.parse(query(one, "SELECT @@global.gtid_executed")));
        assertThat(cluster.regions()).extracting(RegionState::region).containsExactly("r1", "r2");
        assertThat(cluster.origins())
                .containsExactlyInAnyOrder(
                        new Origin(one.serverUuid(), "r1", 1), new Origin(two.serverUuid(), "r2", 1));
        assertThat(query(one, "SELECT @@global.super_read_only")).isEqualTo("1");
        assertThat(query(two, "SELECT @@global.super_read_only")).isEqualTo("1");
    }

    @Test
    void runAgainItGoesOnFromWhereverItWasKilled() throws Exception {
        run(one, "SET GLOBAL super_read_only = ON"); // closed, and then killed
        assertThat(founding("again").code()).isZero();
        open(); // founded, and then killed
        Shell.Outcome twice = founding("again");
        assertThat(twice.out()).contains("cluster again: was founded before; now epoch 1, master r1");
        assertThat(twice.code()).isZero();
        assertThat(query(one, "SELECT @@global.read_only")).isEqualTo("0");
    }

    @Test
    void anotherFirstMasterOfAClusterThatIsThereIsRefused() throws Exception {
        assertThat(founding("taken").code()).isZero();
        Shell.Outcome other =
                shell.run("init", "--config", file("taken").toString(), "--no-password", "--master", "r2");
        assertThat(other.out()).contains("founded with master r1, not r2");
        assertThat(other.code()).isEqualTo(1);
    }

    @Test
    void aRegionWithTransactionsThatTheMasterLacksIsNamedAndNothingIsClosed() throws Exception {
        run(two, "CREATE DATABASE stray");
        try {
            Shell.Outcome outcome = founding("stray", "--json");
            JsonNode founding = new ObjectMapper().readTree(outcome.out()).get("founding");
            assertThat(founding.get("outcome").asText()).isEqualTo("refused");
            assertThat(founding.get("problems").get(0).asText())
                    .contains("region r2 has 1 transactions that r1 lacks (" + two.serverUuid() + ":1)");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(look("stray")).isInstanceOf(Absent.class);
            assertThat(query(one, "SELECT @@global.read_only")).isEqualTo("0");
        } finally {
            run(two, "DROP DATABASE stray", "RESET MASTER");
        }
    }

    @Test
    void aZooKeeperThatForgotTheClusterIsRefused() throws Exception {
        run(
                two,
                "SET GLOBAL read_only = ON", // else the dead-man closes a server that knows an epoch and has no lease
                "SET sql_log_bin = 0",
                "INSERT INTO regent_local.epoch (epoch, region, recorded_at) VALUES (7, 'r1', SYSDATE(6))");
        try {
            Shell.Outcome outcome = founding("emptied");
            assertThat(outcome.out())
                    .contains("region r2 recorded epoch 7, but ZooKeeper has no cluster emptied: it was emptied");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(look("emptied")).isInstanceOf(Absent.class);
        } finally {
            run(two, "SET sql_log_bin = 0", "DELETE FROM regent_local.epoch");
        }
    }

    @Test
    void withoutAZooKeeperInTheFileItSaysWhichLineIsMissing() throws Exception {
        String file =
                Clusters.file(directory, List.of("127.0.0.1:1", "127.0.0.1:2")).toString();
        Shell.Outcome outcome = shell.run("init", "--config", file, "--no-password", "--master", "r1");
        assertThat(outcome.err()).contains("--master needs the line  zookeeper:");
        assertThat(outcome.code()).isEqualTo(2);
    }

    private static Shell.Outcome founding(String cluster, String... more) throws Exception {
        List<String> words = new ArrayList<>(
                List.of("init", "--config", file(cluster).toString(), "--no-password", "--master", "r1"));
        words.addAll(List.of(more));
        return new Shell().run(words.toArray(String[]::new));
    }

    private static Path file(String cluster) throws Exception {
        return Clusters.file(
                directory,
                cluster,
                zookeeper.getConnectString(),
                List.of(one.address().toString(), two.address().toString()));
    }

    private static Seen<ClusterState> look(String cluster) throws Exception {
        try (ClusterObserver observer =
                ClusterObserver.connect(zookeeper.getConnectString(), cluster, List.of("r1", "r2"))) {
            assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
            return observer.look();
        }
    }
}

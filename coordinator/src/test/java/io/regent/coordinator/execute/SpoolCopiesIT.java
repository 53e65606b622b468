package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.cli.cluster.Clusters;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.replicator.stranded.StrandedReader;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.local.LocalMysql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** r1 has something stranded, r2 is master, r3 follows r2 a little late. No link runs: the test is the link. */
class SpoolCopiesIT {
    @TempDir
    static Path directory;

    private static final List<LocalMysql> SERVERS = new ArrayList<>();
    private static ClusterConfig config;

    @BeforeAll
    static void start() throws Exception {
        List<String> addresses = new ArrayList<>();
        for (String name : List.of("r1", "r2", "r3")) {
            LocalMysql server = LocalMysql.builder(name, directory).start();
            SERVERS.add(server);
            addresses.add(server.address().toString());
        }
        Path file = Clusters.file(directory, addresses);
        Shell.Outcome init = new Shell().run("init", "--config", file.toString(), "--no-password");
        assertThat(init.code()).as(init.out() + init.err()).isZero();
        config = ConfigFile.read(file, Map.of());
    }

    @AfterAll
    static void close() {
        SERVERS.forEach(LocalMysql::close);
    }

    @Test
    void aRegionThatIsLateNeedsWhatTheMasterHadThenAndNotWhatItHasNow() throws Exception {
        List<StrandedTransaction> stranded = stranded();
        SpoolCopies copies = new SpoolCopies(config, config.regions().get(0), SpoolCopiesIT::cluster);

        assertThat(copies.write(stranded).reason()).isEqualTo("no region but r2 has the spooled rows yet");
        assertThat(spooled(stranded.get(0))).isEqualTo("1");

        GtidSet then = executed(1);
        run(1, "CREATE DATABASE goes_on");
        GtidSet now = executed(1);
        run(2, "SET GLOBAL gtid_purged = '+" + then + "'");
        assertThat(copies.write(stranded).done()).isTrue();
        assertThat(executed(1))
                .as("asked again for the same, it writes nothing")
                .isEqualTo(now);
    }

    /** The first that tells of one keeps its word. */
    @Test
    void aRegionThatCommittedASkippedOneEmptyLeavesItToWhoHasItsRowsToTell() throws Exception {
        Gtid skipped = Gtid.of(UUID.randomUUID(), 7);
        StrandedTransaction empty =
                new StrandedTransaction(skipped, 1, 0, 80033, Optional.empty(), List.of(), List.of(), Optional.empty());
        StrandedTransaction real = stranded().get(0);
        ClusterState now = cluster();
        ClusterState let = new ClusterState(
                now.master(),
                now.regions(),
                now.history(),
                now.plans(),
                now.verdicts(),
                now.origins(),
                now.policy(),
                GtidSet.of(skipped, real.gtid()));
        String refusal = new SpoolCopies(config, config.regions().get(0), () -> let)
                .write(List.of(empty, real))
                .reason();
        assertThat(refusal).isEqualTo("no region but r2 has the spooled rows yet");
        assertThat(spooled(real)).isEqualTo("1");
        assertThat(spooled(empty)).isEqualTo("0");
        assertThat(new SpoolCopies(config, config.regions().get(0), SpoolCopiesIT::cluster)
                        .write(List.of(empty, real))
                        .reason())
                .isEqualTo(refusal);
        assertThat(spooled(empty)).as("not skipped").isEqualTo("1");
    }

    private static String spooled(StrandedTransaction one) throws SQLException {
        return query(1, "SELECT COUNT(*) FROM regent.stranded WHERE gtid='" + one.gtid() + "'");
    }

    private static List<StrandedTransaction> stranded() throws Exception {
        run(0, "DROP DATABASE IF EXISTS app", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        GtidSet before = executed(0);
        run(0, "INSERT INTO app.t VALUES (1)");
        GtidSet lost = executed(0).subtract(before);
        return StrandedReader.read(
                new Stranded(config, config.regions().get(0), directory, () -> null).capture(),
                config.sessions(config.regions().get(0), AccountRole.APPLY),
                lost,
                Duration.ofMinutes(1));
    }

    private static ClusterState cluster() {
        List<RegionState> regions = new ArrayList<>();
        for (String name : List.of("r1", "r2", "r3")) {
            Report report = new Report(1, 0, GtidSet.EMPTY, WriteState.SEALED, 0);
            Lease lease = Lease.none(Duration.ofSeconds(3));
            regions.add(new RegionState(name, new Znode<>(lease, 0), new Znode<>(report, 0), true));
        }
        Master master = Master.first("r2", GtidSet.EMPTY, "setup");
        return new ClusterState(
                new Znode<>(master, 0), regions, new TreeMap<>(), Map.of(), List.of(), List.of(), Policy.UNSAID);
    }

    private static void run(int server, String... statements) throws SQLException {
        try (Connection root = SERVERS.get(server).sessions().open();
                Statement statement = root.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static GtidSet executed(int server) throws SQLException {
        return GtidSet.parse(query(server, "SELECT @@global.gtid_executed"));
    }

    private static String query(int server, String sql) throws SQLException {
        try (Connection root = SERVERS.get(server).sessions().open();
                Statement statement = root.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}

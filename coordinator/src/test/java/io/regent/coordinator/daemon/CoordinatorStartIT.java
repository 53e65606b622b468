package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.cluster.Clusters;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.zookeeper.ClusterSetup;
import io.regent.coordinator.zookeeper.Ensemble;
import io.regent.coordinator.zookeeper.EnsembleSettings;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is started where it cannot work yet, or not at all. Its MySQL is not there either. */
class CoordinatorStartIT {
    private static final List<String> NOBODY = List.of("127.0.0.1:1", "127.0.0.1:2");

    @TempDir
    private Path directory;

    private TestingServer zookeeper;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer(true);
        file = Clusters.file(directory, "identity", zookeeper.getConnectString(), NOBODY);
    }

    @AfterEach
    void stop() throws Exception {
        zookeeper.close();
    }

    @Test
    void beforeThereIsAClusterItSaysHowOneIsFoundedAndGoesOnByItself() throws Exception {
        try (Daemon daemon = daemon("r1")) {
            awaitReason(
                    daemon, "waits: there is no /identity/timing in ZooKeeper; 'dbctl init --master REGION' founds");
            found("r1", "r2");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> daemon.status().mastership().epoch() != null);
            assertThat(daemon.failed()).isFalse();
        }
    }

    @Test
    void aRegionThatTheClusterWasFoundedWithoutIsToldSo() throws Exception {
        found("r1");
        try (Daemon daemon = daemon("r2")) {
            awaitReason(
                    daemon, "waits: the cluster identity was founded without the region r2 (no /identity/regions/r2");
        }
    }

    @Test
    void whileZooKeeperIsAwayItWaits() throws Exception {
        zookeeper.stop();
        try (Daemon daemon = daemon("r1")) {
            awaitReason(daemon, "waits for ZooKeeper: ");
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> daemon.status().loop().lookAgeMillis() < 2_500);
        }
    }

    @Test
    void anAddressThatIsTakenEndsItWithTwo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("127.0.0.1:1\"}", "127.0.0.1:1\", coordinator: \"" + address + "\"}"));
            try (CoordinatorProcess process = CoordinatorProcess.start(file, "r1", "taken", directory)) {
                assertThat(process.awaitExit()).isEqualTo(2);
            }
            assertThat(directory.resolve("taken.log")).content().contains("dbctl: ", address);
        }
    }

    private Daemon daemon(String region) throws Exception {
        ClusterConfig config = ConfigFile.read(file, Map.of());
        Daemon daemon = new Daemon(config, config.region(region).orElseThrow(), region + "-1", "test");
        daemon.start();
        return daemon;
    }

    private static void awaitReason(Daemon daemon, String reason) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            CoordinatorStatus status = daemon.status();
            assertThat(status.loop().reason()).startsWith(reason);
            assertThat(status.mastership().epoch()).isNull();
        });
    }

    private void found(String... regions) {
        EnsembleSettings settings = new EnsembleSettings(
                zookeeper.getConnectString(), Timing.standard().session(), Duration.ofSeconds(1));
        try (Ensemble ensemble = Ensemble.connect(settings, () -> {})) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> ensemble.negotiatedSession().isPresent());
            List<Origin> origins = List.of(regions).stream()
                    .map(region -> new Origin(UUID.randomUUID(), region, 1))
                    .toList();
            Master first = Master.first(regions[0], GtidSet.EMPTY, "setup");
            assertThat(new ClusterSetup(ensemble, "identity")
                            .found(first, Timing.standard(), origins)
                            .isOk())
                    .isTrue();
        }
    }
}

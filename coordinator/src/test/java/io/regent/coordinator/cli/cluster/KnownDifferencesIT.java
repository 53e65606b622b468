package io.regent.coordinator.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.Master;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.replicator.verify.VerifyReport;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownDifferencesIT {
    private static final VerifyReport EQUAL = new VerifyReport(List.of("r1", "r2"), List.of(), List.of(), Map.of());

    private final List<String> notes = new ArrayList<>();

    /** A skip, in a table that had been compared: the comparison knows nothing of it. */
    @Test
    void whatCameToBeKnownWhileAComparisonRanStandsUntilTheNext(@TempDir Path directory) throws Exception {
        try (TestingServer zookeeper = new TestingServer(true);
                ClusterObserver observer =
                        ClusterObserver.connect(zookeeper.getConnectString(), "known", List.of("r1", "r2"))) {
            assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
            assertThat(observer.setup()
                            .createCluster(Master.first("r1", GtidSet.EMPTY, "test"), Timing.standard())
                            .isOk())
                    .isTrue();
            Path file = Clusters.file(
                    directory, "known", zookeeper.getConnectString(), List.of("127.0.0.1:1", "127.0.0.1:2"));
            ClusterConfig config = ConfigFile.read(file, Map.of());

            KnownDifferences first = KnownDifferences.before(config, notes::add);
            Differences skip = new Differences("2026-12-01T00:00:00Z", List.of("r1", "r2"), 1, List.of("skipped"));
            assertThat(observer.setup().differ(skip).isOk()).isTrue();
            first.learn(EQUAL);
            assertThat(known(observer)).isEqualTo(skip);
            assertThat(notes).singleElement().asString().contains("while this comparison ran");

            KnownDifferences second = KnownDifferences.before(config, notes::add);
            Differences more = skip.and(new Differences("2026-12-01T00:01:00Z", List.of("r2"), 1, List.of("another")));
            assertThat(observer.setup().differ(more).isOk()).isTrue();
            second.learn(EQUAL);
            assertThat(known(observer)).isEqualTo(more);

            KnownDifferences.before(config, notes::add).learn(EQUAL);
            assertThat(known(observer).stand()).isFalse();
            assertThat(notes).hasSize(2);
        }
    }

    private static Differences known(ClusterObserver observer) {
        assertThat(observer.setup().differences()).isInstanceOf(Found.class);
        return ((Found<Znode<Differences>>) observer.setup().differences())
                .value()
                .value();
    }
}

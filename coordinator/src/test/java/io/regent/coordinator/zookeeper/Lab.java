package io.regent.coordinator.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;

/** A ZooKeeper server with the cluster {@code identity} of two regions, phx1 its master. */
final class Lab implements AutoCloseable {
    static final String CLUSTER = "identity";
    static final GtidSet CUT = GtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");
    static final Duration SESSION = Duration.ofSeconds(3);

    private static final int TICK_MILLIS = 500;

    final TestingServer server;
    private final List<Ensemble> ensembles = new ArrayList<>();

    private Lab() throws Exception {
        server = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MILLIS, -1), true);
    }

    static Lab withoutCluster() throws Exception {
        return new Lab();
    }

    static Lab withCluster() throws Exception {
        Lab lab = new Lab();
        ClusterSetup setup = new ClusterSetup(lab.connect(), CLUSTER);
        assertThat(setup.createCluster(Master.first("phx1", CUT, "setup"), Timing.standard()))
                .isEqualTo(new Written.Ok(0));
        assertThat(setup.addRegion("phx1", Timing.standard())).isEqualTo(new Written.Ok(0));
        assertThat(setup.addRegion("aws1", Timing.standard())).isEqualTo(new Written.Ok(0));
        return lab;
    }

    Ensemble connect() {
        return connect(server.getConnectString());
    }

    Ensemble connect(String servers) {
        return connect(servers, () -> {});
    }

    Ensemble connect(Runnable onChange) {
        return connect(server.getConnectString(), onChange);
    }

    private Ensemble connect(String servers, Runnable onChange) {
        Ensemble ensemble = Ensemble.connect(new EnsembleSettings(servers, SESSION, Duration.ofMillis(500)), onChange);
        ensembles.add(ensemble);
        awaitConnected(ensemble);
        return ensemble;
    }

    static void awaitConnected(Ensemble ensemble) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ensemble.negotiatedSession().isPresent());
    }

    /** A coordinator's store whose first read-back was answered. */
    static ZooKeeperStore store(Ensemble ensemble, String region, String coordinator) {
        ZooKeeperStore store = unreadStore(ensemble, region, coordinator);
        assertThat(store.readBack().isOk()).isTrue();
        return store;
    }

    static ZooKeeperStore unreadStore(Ensemble ensemble, String region, String coordinator) {
        return new ZooKeeperStore(ensemble, CLUSTER, region, coordinator, List.of("phx1", "aws1"));
    }

    static ClusterState look(ZooKeeperStore store) {
        Seen<ClusterState> seen = store.look();
        assertThat(seen).isInstanceOf(Found.class);
        return ((Found<ClusterState>) seen).value();
    }

    @Override
    public void close() throws IOException {
        ensembles.forEach(Ensemble::close);
        server.close();
    }
}

package io.regent.coordinator.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Phase;
import io.regent.failover.timing.Timing;
import java.time.Duration;
import java.util.List;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An ensemble of three servers of which one and then two are lost. */
class QuorumIT {
    private TestingCluster servers;
    private Ensemble ensemble;

    @BeforeEach
    void start() throws Exception {
        servers = new TestingCluster(3);
        servers.start();
        ensemble = Ensemble.connect(
                new EnsembleSettings(servers.getConnectString(), Lab.SESSION, Duration.ofMillis(500)), () -> {});
        Lab.awaitConnected(ensemble);
    }

    @AfterEach
    void stop() throws Exception {
        ensemble.close();
        servers.close();
    }

    @Test
    void aRenewalNeedsAMajorityAndNoMore() throws Exception {
        ClusterSetup setup = new ClusterSetup(ensemble, Lab.CLUSTER);
        untilOk(() -> setup.createCluster(Master.first("phx1", Lab.CUT, "setup"), Timing.standard()));
        untilOk(() -> setup.addRegion("phx1", Timing.standard()));
        ZooKeeperStore store = new ZooKeeperStore(ensemble, Lab.CLUSTER, "phx1", "c1", List.of());
        assertThat(renew(store)).isInstanceOf(Written.Ok.class);

        assertThat(servers.killServer(connected())).isTrue();
        untilOk(() -> renew(store));
        assertThat(servers.killServer(connected())).isTrue();

        assertThat(renew(store)).isInstanceOf(Written.Unknown.class);
    }

    private InstanceSpec connected() throws Exception {
        return servers.findConnectionInstance(
                ensemble.curator().getZookeeperClient().getZooKeeper());
    }

    private interface Attempt {
        Written write() throws Exception;
    }

    private static void untilOk(Attempt attempt) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> attempt.write().isOk());
    }

    private static Written renew(ZooKeeperStore store) {
        return store.renew(
                new Renew("phx1", 0, new Lease(1, "n", Duration.ofSeconds(3), "c1", Phase.OPEN, "open", null)));
    }
}

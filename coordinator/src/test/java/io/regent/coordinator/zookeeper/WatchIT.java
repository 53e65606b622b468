package io.regent.coordinator.zookeeper;

import static io.regent.coordinator.zookeeper.Lab.look;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.failover.model.Plan;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who looks is woken by what matters to it, and by nothing else. */
class WatchIT {
    private static final String LEASE = "/identity/regions/phx1/lease";
    private static final String REPORT = "/identity/regions/aws1/report";

    private final AtomicInteger wakes = new AtomicInteger();
    private Lab lab;
    private Ensemble other;
    private ZooKeeperStore store;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.withCluster();
        other = lab.connect();
        other.curator()
                .create()
                .forPath(REPORT, ZnodeFormat.REPORT.write(new Report(1, 0, Lab.CUT, WriteState.STANDBY, 0)));
        store = Lab.store(lab.connect(wakes::incrementAndGet), "aws1", "c1");
        look(store);
        look(store);
    }

    @AfterEach
    void stop() throws Exception {
        lab.close();
    }

    private void touch(String path) throws Exception {
        CuratorFramework curator = other.curator();
        curator.setData().forPath(path, curator.getData().forPath(path));
    }

    private int wakesSince(int before) {
        return wakes.get() - before;
    }

    @Test
    void aRenewalOfWhoIsNamedWakesAndAReportDoesNotWhileNothingIsUnderWay() throws Exception {
        touch(REPORT);
        touch(LEASE);
        await().until(() -> wakes.get() > 0);
        look(store);
        int before = wakes.get();

        touch(REPORT);
        touch(LEASE);

        await().until(() -> wakesSince(before) > 0);
        // Watches fire in the order of the changes: a report's would have come first.
        look(store);
        assertThat(wakesSince(before)).isEqualTo(1);
    }

    @Test
    void aLookShowsEverythingThatWasWrittenBeforeItThoughItReadsOnlyWhatChanged() throws Exception {
        CuratorFramework curator = other.curator();
        for (int i = 1; i <= 300; i++) {
            Report report = new Report(i, 0, Lab.CUT, WriteState.STANDBY, 0);
            curator.setData().forPath(REPORT, ZnodeFormat.REPORT.write(report));
            touch(LEASE);
            assertThat(look(store).region("aws1").report()).extracting("value").isEqualTo(report);
            assertThat(look(store).region("phx1").lease().version()).isEqualTo(i);
        }
    }

    @Test
    void aReportWakesWhileAMoveIsOrdered() throws Exception {
        ClusterSetup setup = new ClusterSetup(other, Lab.CLUSTER);
        assertThat(setup.order(new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false), 0)
                        .isOk())
                .isTrue();
        await().until(() -> wakes.get() > 0);
        look(store);
        look(store);
        int before = wakes.get();

        touch(REPORT);

        await().until(() -> wakesSince(before) > 0);
    }
}

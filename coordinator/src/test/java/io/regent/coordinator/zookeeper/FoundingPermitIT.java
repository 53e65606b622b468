package io.regent.coordinator.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.zookeeper.FoundingPermit.Fate;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A founding that can be taken back, also where nobody knows whether it was heard. */
class FoundingPermitIT {
    private static final Master FIRST = Master.first("phx1", GtidSet.EMPTY, "test");
    private static final List<Origin> ORIGINS = List.of(new Origin(new UUID(1, 1), "phx1", 1));

    private static TestingServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, 500, -1), true);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static ClusterObserver observer(String cluster) throws InterruptedException {
        ClusterObserver observer = ClusterObserver.connect(server.getConnectString(), cluster, List.of("phx1"));
        assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
        return observer;
    }

    private static Written found(FoundingPermit permit) {
        return permit.found(FIRST, Timing.standard(), ORIGINS);
    }

    @Test
    void whatWasTakenBackIsNeverFounded() throws Exception {
        try (ClusterObserver observer = observer("back")) {
            FoundingPermit permit = observer.setup().permit();
            assertThat(permit.take().isOk()).isTrue();
            assertThat(permit.stands()).isTrue();
            assertThat(permit.isClear())
                    .as("what it makes is beside the cluster")
                    .isTrue();
            assertThat(permit.revoke()).isEqualTo(Fate.OVER);
            assertThat(found(permit)).isInstanceOf(Written.Refused.class);
            assertThat(permit.revoke()).isEqualTo(Fate.OVER);
            assertThat(observer.look()).isInstanceOf(Seen.Absent.class);
        }
    }

    @Test
    void whatWasFoundedBeforeIsSeenByWhoTakesItBack() throws Exception {
        try (ClusterObserver observer = observer("founded")) {
            FoundingPermit permit = observer.setup().permit();
            assertThat(permit.take().isOk()).isTrue();
            assertThat(found(permit).isOk()).isTrue();
            assertThat(permit.revoke()).isEqualTo(Fate.OVER);
            assertThat(observer.look()).isInstanceOf(Seen.Found.class);
        }
    }

    @Test
    void oneRunAtATimeMayAndWhatAnEndedOneSentIsRefusedForEver() throws Exception {
        ClusterObserver dead = observer("turns");
        FoundingPermit before = dead.setup().permit();
        assertThat(before.take().isOk()).isTrue();
        try (ClusterObserver observer = observer("turns")) {
            FoundingPermit permit = observer.setup().permit();
            assertThat(permit.take()).isInstanceOf(Written.Refused.class);
            dead.close();
            assertThat(permit.take().isOk()).isTrue();
            assertThat(permit.stands()).isTrue();
            assertThat(found(before)).isNotInstanceOf(Written.Ok.class);
            assertThat(found(permit).isOk()).isTrue();
        }
    }
}

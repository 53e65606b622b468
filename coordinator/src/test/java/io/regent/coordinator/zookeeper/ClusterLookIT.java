package io.regent.coordinator.zookeeper;

import static io.regent.coordinator.zookeeper.Lab.look;
import static io.regent.coordinator.zookeeper.Lab.store;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.zookeeper.Seen.Absent;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Seen.Unknown;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.GivingUp;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterLookIT {
    private static final UUID PHX1 = UUID.fromString("3e11fa47-71ca-11e1-9e33-c80aa9429562");

    private Lab lab;
    private Ensemble ensemble;
    private ClusterSetup setup;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.withCluster();
        ensemble = lab.connect();
        setup = new ClusterSetup(ensemble, Lab.CLUSTER);
    }

    @AfterEach
    void stop() throws Exception {
        lab.close();
    }

    @Test
    void aNewClusterIsSeenWithItsRegionsThePreferredFirst() {
        ClusterState state = look(store(ensemble, "phx1", "c1"));

        assertThat(state.master()).isEqualTo(new Znode<>(Master.first("phx1", Lab.CUT, "setup"), 0));
        assertThat(state.regions()).extracting(RegionState::region).containsExactly("phx1", "aws1");
        assertThat(state.region("aws1").report()).isNull();
        assertThat(state.region("aws1").present()).isFalse();
        assertThat(state.region("aws1").lease().value().epoch()).isZero();
    }

    @Test
    void plansAndOriginsAreSeenAndAnOriginHasOneOwner() {
        ZooKeeperStore store = store(ensemble, "phx1", "c1");
        Plan move = new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false);
        Origin origin = new Origin(PHX1, "phx1", 1);

        assertThat(setup.order(move, 0).isOk()).isTrue();
        Seen<Integer> before = setup.claims();
        assertThat(setup.claimOrigin(origin, 0, 0).isOk()).isTrue();
        assertThat(List.of(before, setup.claims())).containsExactly(new Seen.Found<>(0), new Seen.Found<>(1));
        assertThat(setup.claimOrigin(new Origin(new UUID(0, 9), "phx1", 1), 0, 0))
                .as("made of what was seen before the first claim")
                .isEqualTo(new Written.Refused("BADVERSION of /identity/origins"));
        assertThat(setup.claimOrigin(new Origin(PHX1, "aws1", 1), 0, 1))
                .isEqualTo(new Written.Refused("NODEEXISTS of /identity/origins/" + PHX1));
        assertThat(look(store).ordered(Plan.Kind.MOVE)).contains(move);
        assertThat(look(store).origins()).containsExactly(origin);

        Plan off = new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, true);
        assertThat(setup.replace(new Znode<>(move, 0), off).isOk()).isTrue();
        assertThat(look(store).ordered(Plan.Kind.MOVE)).isEmpty();
    }

    @Test
    void whoseTurnItIsToWorkOnARegionIsKnownAndEndsWithTheSession() {
        assertThat(setup.takeTurn("aws1", "a").isOk()).isTrue();
        assertThat(setup.takeTurn("aws1", "b").isOk()).isFalse();
        assertThat(setup.takeTurn("phx1", "b").isOk()).isTrue();
        assertThat(setup.turn("aws1")).isEqualTo(new Seen.Found<>("a"));
        assertThat(look(store(ensemble, "phx1", "c1")).regions()).hasSize(2);
    }

    @Test
    void aPlanForAnotherVersionOfMasterIsRefused() {
        assertThat(setup.order(new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false), 7))
                .isEqualTo(new Written.Refused("BADVERSION of /identity/master"));
    }

    @Test
    void aClusterIsCreatedOnce() {
        assertThat(setup.createCluster(Master.first("aws1", Lab.CUT, "again"), Timing.standard()))
                .isEqualTo(new Written.Refused("NODEEXISTS of /identity"));
    }

    @Test
    void timingsAreRead() {
        assertThat(setup.timing()).isEqualTo(new Found<>(new Znode<>(Timing.standard(), 0)));
    }

    @Test
    void aClusterThatWasNeverCreatedIsAbsent() throws Exception {
        try (Lab empty = Lab.withoutCluster()) {
            ZooKeeperStore store = new ZooKeeperStore(empty.connect(), Lab.CLUSTER, "phx1", "c1", List.of());

            assertThat(store.look()).isEqualTo(new Absent<>("/identity/master"));
        }
    }

    @Test
    void aMasterOfAnotherFormatIsNotReadPast() throws Exception {
        CuratorFramework curator = ensemble.curator();
        String later = new String(curator.getData().forPath("/identity/master"), StandardCharsets.UTF_8)
                .replace("\"format\":1", "\"format\":2");
        curator.setData().forPath("/identity/master", later.getBytes(StandardCharsets.UTF_8));

        assertThat(store(ensemble, "phx1", "c1").look())
                .isEqualTo(new Unknown<>("/identity/master has format 2, this version knows 1"));
    }

    @Test
    void aMasterWhosePredecessorsEndIsNotSeenIsNotBelievedUntilItIs() throws Exception {
        ZooKeeperStore store = store(ensemble, "phx1", "c1");
        look(store);
        CuratorFramework curator = ensemble.curator();
        Master next = new Master(2, "aws1", new GivingUp(null, false, true), null, 0, "test");
        curator.setData().forPath("/identity/master", ZnodeFormat.MASTER.write(next));

        assertThat(store.look())
                .isEqualTo(new Unknown<>("what is known of it is older than /master, which is at epoch 2:"
                        + " everything is read anew"));

        Ended ended = new Ended(1, "phx1", Lab.CUT, true, true, "moved", "test");
        curator.create().forPath("/identity/history/1", ZnodeFormat.ENDED.write(ended));

        assertThat(look(store).history()).containsOnlyKeys(1L);
    }

    @Test
    void aServerBehindTheLastReadBackIsNotBelieved() throws Exception {
        ZooKeeperStore store = store(ensemble, "phx1", "c1");
        store.readBack();
        String token = "/identity/regions/phx1/coordinators/c1";
        ensemble.curator().delete().forPath(token);
        ensemble.curator().create().forPath(token);

        assertThat(store.look()).isEqualTo(new Unknown<>("this ZooKeeper server is behind the last read-back"));
    }

    @Test
    void whoLostItsTokenReadsBackAnew() throws Exception {
        ZooKeeperStore store = store(ensemble, "phx1", "c1");
        ensemble.curator().delete().forPath("/identity/regions/phx1/coordinators/c1");

        assertThat(store.look()).isInstanceOf(Unknown.class);
        assertThat(store.readBack().isOk()).isTrue();
        assertThat(look(store).epoch()).isEqualTo(1);
    }
}

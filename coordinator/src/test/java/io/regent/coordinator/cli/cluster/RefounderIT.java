package io.regent.coordinator.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Proxy;
import io.regent.coordinator.zookeeper.Refounding;
import io.regent.coordinator.zookeeper.Replacement.Standing;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.GivingUp;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster founded anew through a network that loses the answer, while others go on. */
@Timeout(60)
class RefounderIT {
    private static final String CLUSTER = "identity";
    private static final String MASTER = "/identity/master";
    private static final GtidSet CUT = GtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");

    private TestingServer zookeeper;
    private Proxy network;
    private CuratorFramework others;
    private ClusterObserver observer;
    private ClusterObserver far;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, 500, -1), true);
        network = new Proxy(zookeeper.getPort());
        others = CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryOneTime(100));
        others.start();
        observer = connected(zookeeper.getConnectString());
        far = connected(network.address());
        assertThat(observer.setup()
                        .found(
                                Master.first("phx1", CUT, "init"),
                                Timing.standard(),
                                List.of(new Origin(UUID.randomUUID(), "phx1", 1)))
                        .isOk())
                .isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        far.close();
        observer.close();
        others.close();
        network.close();
        zookeeper.close();
    }

    private static ClusterObserver connected(String servers) throws Exception {
        ClusterObserver one = ClusterObserver.connect(servers, CLUSTER, List.of("phx1"));
        assertThat(one.awaitConnected(Duration.ofSeconds(10))).isTrue();
        return one;
    }

    private static Refounding anew(String attempt) {
        Master master = new Master(2, "phx1", new GivingUp(null, false, true), null, 0, attempt);
        return new Refounding(
                master,
                Timing.standard(),
                Map.of("phx1", Lease.none(Timing.standard().ttl())),
                List.of(),
                List.of(new Ended(1, "phx1", CUT, true, true, "", "")),
                List.of(),
                Plan.union(2, "phx1", CUT));
    }

    private boolean names(String attempt) {
        return observer.look() instanceof Found<ClusterState> found
                && found.value().master().value().attempt().equals(attempt);
    }

    /** As the coordinator of the new master does when the union was executed. */
    private Stat certify() throws Exception {
        String text = new String(others.getData().forPath(MASTER), StandardCharsets.UTF_8);
        String certified =
                text.replace("\"cut\":null", "\"cut\":\"" + CUT + "\"").replace("adopt-far", "certifier");
        assertThat(certified).isNotEqualTo(text);
        return others.setData().forPath(MASTER, certified.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void afterALostAnswerTheClusterThatWasFoundedAndWentOnIsNotTouched() throws Exception {
        Refounder refounder = withdraw(far);
        assertThat(refounder.epoch()).isEqualTo(1);
        network.loseAnswersFrom("adopt-far");
        CompletableFuture<Void> founding = CompletableFuture.runAsync(() -> found(refounder, "adopt-far"));
        await().atMost(Duration.ofSeconds(10)).until(() -> names("adopt-far"));
        Stat certified = certify();
        network.cutAndHeal();
        founding.get(40, TimeUnit.SECONDS);
        Stat now = others.checkExists().forPath(MASTER);
        assertThat(now.getCzxid()).isEqualTo(certified.getCzxid());
        assertThat(now.getVersion()).isEqualTo(certified.getVersion());
        assertThat(names("certifier")).isTrue();
    }

    private static Refounder withdraw(ClusterObserver by) throws CliException {
        return Refounder.withdraw(by, Refounder.standing(by)).orElseThrow();
    }

    private static void found(Refounder refounder, String attempt) {
        try {
            refounder.found(anew(attempt));
        } catch (CliException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRunThatWasOvertakenTouchesNothingAndSaysSo() throws Exception {
        Refounder slow = withdraw(far);
        Refounder fast = withdraw(observer);
        assertThatThrownBy(slow::requireUntouched).hasMessageContaining("somebody else changed the cluster");
        fast.requireUntouched();
        fast.found(anew("fast"));
        assertThatThrownBy(slow::requireUntouched).hasMessageContaining("somebody else changed the cluster");
        assertThatThrownBy(() -> slow.found(anew("slow"))).hasMessageContaining("nothing is founded in its place");
        assertThat(names("fast")).isTrue();
    }

    @Test
    void whatHasChangedSinceItWasSeenIsNotWithdrawn() throws Exception {
        Seen<Standing> seen = Refounder.standing(far);
        Refounder fast = withdraw(observer);
        fast.found(anew("fast"));
        assertThat(Refounder.withdraw(far, seen)).as("of the same version").isEmpty();
        seen = Refounder.standing(far);
        others.setData().forPath(MASTER, others.getData().forPath(MASTER));
        assertThat(Refounder.withdraw(far, seen)).isEmpty();
        assertThat(names("fast")).isTrue();
    }

    @Test
    void aWithdrawalWhoseAnswerWasLostIsFoundToBeMade() throws Exception {
        Seen<Standing> seen = Refounder.standing(far);
        network.loseAnswersFrom("founding-");
        CompletableFuture<Refounder> withdrawing = CompletableFuture.supplyAsync(() -> {
            try {
                return Refounder.withdraw(far, seen).orElseThrow();
            } catch (CliException e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(Duration.ofSeconds(10)).until(() -> observer.look() instanceof Seen.Unknown);
        network.cutAndHeal();
        Refounder refounder = withdrawing.get(40, TimeUnit.SECONDS);
        refounder.requireUntouched();
        refounder.found(anew("adopt-far"));
        assertThat(names("adopt-far")).isTrue();
    }
}

package io.regent.coordinator.zookeeper;

import static io.regent.coordinator.zookeeper.Lab.look;
import static io.regent.coordinator.zookeeper.Lab.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.PublishReach;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Reach;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.curator.test.KillSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZooKeeperStoreIT {
    private static final GtidSet STRANDED = GtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:6-7");

    private Lab lab;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.withCluster();
    }

    @AfterEach
    void stop() throws Exception {
        lab.close();
    }

    @Test
    void whatWasLostOnTheWayBackIsFoundByItsAttemptIdAfterAReadBack() throws Exception {
        try (Proxy network = new Proxy(lab.server.getPort())) {
            ZooKeeperStore store = store(lab.connect(network.address()), "phx1", "c1");
            Znode<Master> seen = look(store).master();
            network.loseAnswers();

            assertThat(store.changeMaster(closing(seen, "mine"))).isInstanceOf(Written.Unknown.class);
            network.cutAndHeal();
            assertThat(store.changeMaster(closing(seen, "again")))
                    .isEqualTo(new Written.Unknown("an earlier attempt has not been read back"));
            awaitReadBack(store);

            assertThat(look(store).master().value().attempt()).isEqualTo("mine");
            assertThat(look(store).master().value().closing()).isEqualTo("move-1");
        }
    }

    @Test
    void aLookIsKnownToBeFreshAsFarAsTheLastWriteOnItsSession() throws Exception {
        Ensemble ensemble = lab.connect();
        ZooKeeperStore store = Lab.unreadStore(ensemble, "phx1", "c1");
        look(store);
        assertThat(store.behind())
                .as("a follower that is cut off answers reads")
                .isEmpty();
        long before = System.nanoTime();
        assertThat(store.readBack().isOk()).isTrue();
        long after = System.nanoTime();
        assertThat(store.behind()).as("nothing was looked at since").isEmpty();
        look(store);
        assertThat(store.behind().getAsLong()).isBetween(before, after);
        assertThat(store.renew(renewal(7, "n")).isOk()).as("of another /master").isFalse();
        look(store);
        assertThat(store.behind().getAsLong()).isBetween(before, after);
        assertThat(store.renew(renewal(0, "n")).isOk()).isTrue();
        look(store);
        assertThat(store.behind().getAsLong()).isGreaterThan(after);

        KillSession.kill(ensemble.curator().getZookeeperClient().getZooKeeper());
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        store.look() instanceof Seen.Found && store.behind().isEmpty());
    }

    @Test
    void aRequestOfAKilledRunThatArrivesLateTakesNoEffectOnceTheNextRunHasReadBack() throws Exception {
        try (Proxy network = new Proxy(lab.server.getPort())) {
            ZooKeeperStore killed = store(lab.connect(network.address()), "phx1", "c1");
            Znode<Master> seen = look(killed).master();
            network.holdRequests();
            assertThat(killed.changeMaster(closing(seen, "late"))).isInstanceOf(Written.Unknown.class);

            ZooKeeperStore next = store(lab.connect(), "phx1", "c1");
            network.release();
            awaitReadBack(killed); // behind the late request on the same connection

            assertThat(look(next).master()).isEqualTo(seen);
        }
    }

    @Test
    void withoutAReadBackALateRequestStillTakesEffect() throws Exception {
        try (Proxy network = new Proxy(lab.server.getPort())) {
            ZooKeeperStore store = store(lab.connect(network.address()), "phx1", "c1");
            Znode<Master> seen = look(store).master();
            network.holdRequests();
            assertThat(store.changeMaster(closing(seen, "late"))).isInstanceOf(Written.Unknown.class);

            network.release();
            awaitReadBack(store);

            assertThat(look(store).master().value().attempt()).isEqualTo("late");
        }
    }

    @Test
    void ofTwoWritersOneWinsAndTheOtherReadsWhoWon() {
        ZooKeeperStore one = store(lab.connect(), "phx1", "c1");
        ZooKeeperStore two = store(lab.connect(), "phx1", "c2");
        Znode<Master> seen = look(one).master();

        assertThat(one.changeMaster(closing(seen, "one"))).isEqualTo(new Written.Ok(1));
        assertThat(two.changeMaster(closing(seen, "two")))
                .isEqualTo(new Written.Unknown("BADVERSION of /identity/master"));
        assertThat(two.readBack().isOk()).isTrue();

        assertThat(look(two).master().value().attempt()).isEqualTo("one");
    }

    @Test
    void nothingIsWrittenToMasterBeforeTheFirstReadBack() {
        ZooKeeperStore store = Lab.unreadStore(lab.connect(), "phx1", "c1");
        Znode<Master> seen = look(store).master();

        assertThat(store.changeMaster(closing(seen, "early"))).isInstanceOf(Written.Unknown.class);

        assertThat(look(store).master()).isEqualTo(seen);
    }

    @Test
    void aRenewalUnderAnotherVersionOfMasterIsRefusedAndLeavesTheLease() {
        ZooKeeperStore store = store(lab.connect(), "phx1", "c1");
        Znode<Master> seen = look(store).master();
        assertThat(store.renew(renewal(seen.version(), "n1"))).isEqualTo(new Written.Ok(1));
        store.changeMaster(closing(seen, "a"));

        assertThat(store.renew(renewal(seen.version(), "n2")))
                .isEqualTo(new Written.Refused("BADVERSION of /identity/master"));

        assertThat(look(store).region("phx1").lease().value().nonce()).isEqualTo("n1");
    }

    @Test
    void aTakeOverFromAHolderThatRenewedSinceChangesNothing() {
        ZooKeeperStore holder = store(lab.connect(), "phx1", "c1");
        ZooKeeperStore observer = store(lab.connect(), "aws1", "c1");
        ClusterState seen = look(observer);
        holder.renew(renewal(seen.master().version(), "n1"));

        assertThat(observer.changeMaster(takeOver(seen)))
                .isEqualTo(new Written.Unknown("BADVERSION of /identity/regions/phx1/lease"));

        observer.readBack();
        assertThat(look(observer).master()).isEqualTo(seen.master());
        assertThat(look(observer).history()).isEmpty();
    }

    @Test
    void aTakeOverEndsTheEpochInHistoryInTheSameStep() {
        ZooKeeperStore observer = store(lab.connect(), "aws1", "c1");
        ClusterState seen = look(observer);

        assertThat(observer.changeMaster(takeOver(seen)).isOk()).isTrue();

        assertThat(look(observer).master().value())
                .isEqualTo(seen.master().value().next("aws1", false, null, "taken"));
        assertThat(look(observer).history())
                .containsOnly(Map.entry(1L, Ended.of(seen.master().value(), false, true)));
    }

    @Test
    void aVerdictAndItsNumberAreRecordedTogetherOrNotAtAll() {
        ZooKeeperStore store = store(lab.connect(), "aws1", "c1");
        Znode<Master> seen = look(store).master();
        Verdict verdict = new Verdict(1, STRANDED, seen.version(), "regent.spool");

        assertThat(store.judge(seen, verdict, "judged").isOk()).isTrue();
        assertThat(store.judge(seen, verdict, "twice"))
                .isEqualTo(new Written.Unknown("BADVERSION of /identity/master"));
        store.readBack();

        assertThat(look(store).master().value().verdict()).isEqualTo(1);
        assertThat(look(store).verdicts()).containsExactly(verdict);
    }

    @Test
    void aVerdictOverHistoryIsABrokenInvariant() {
        ZooKeeperStore store = store(lab.connect(), "aws1", "c1");
        Znode<Master> seen = look(store).master();

        assertThatThrownBy(() -> store.judge(seen, new Verdict(1, Lab.CUT, seen.version(), ""), "a"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFrozenUnionIsCreatedOnceAndReplacedOnlyAsSeen() {
        ZooKeeperStore store = store(lab.connect(), "aws1", "c1");
        int master = look(store).master().version();
        Plan plan = Plan.union(1, "aws1", Lab.CUT);

        assertThat(store.writePlan(new WritePlan(master, plan, -1))).isEqualTo(new Written.Ok(0));
        assertThat(store.writePlan(new WritePlan(master, plan, -1)))
                .isEqualTo(new Written.Refused("NODEEXISTS of /identity/plans/union-1"));
        assertThat(store.writePlan(new WritePlan(master, Plan.union(1, "aws1", STRANDED), 0)))
                .isEqualTo(new Written.Ok(1));
        assertThat(store.writePlan(new WritePlan(master, plan, 0)))
                .isEqualTo(new Written.Refused("BADVERSION of /identity/plans/union-1"));
    }

    @Test
    void aReportIsCreatedOnceAndReplacedOnlyAsSeen() {
        ZooKeeperStore store = store(lab.connect(), "aws1", "c1");
        Report report = new Report(1, 0, Lab.CUT, WriteState.STANDBY, 0);

        assertThat(store.publish(new Publish("aws1", report, -1))).isEqualTo(new Written.Ok(0));
        assertThat(store.publish(new Publish("aws1", report, 4))).isInstanceOf(Written.Refused.class);

        assertThat(look(store).region("aws1").report()).isEqualTo(new Znode<>(report, 0));
    }

    @Test
    void whomARegionReachesIsReplacedOnlyAsSeen() {
        ZooKeeperStore store = store(lab.connect(), "aws1", "c1");
        Reach reach = new Reach(List.of("phx1"), List.of("aws2"), List.of("phx1"));
        assertThat(look(store).region("aws1").reach()).isEqualTo(new Znode<>(Reach.NONE, 0));

        assertThat(store.publishReach(new PublishReach("aws1", reach, 0))).isEqualTo(new Written.Ok(1));
        assertThat(store.publishReach(new PublishReach("aws1", Reach.NONE, 0))).isInstanceOf(Written.Refused.class);

        assertThat(look(store).region("aws1").reach()).isEqualTo(new Znode<>(reach, 1));
    }

    @Test
    void afterItsSessionExpiredAStoreGoesOnOnANewOne() throws Exception {
        Ensemble ensemble = lab.connect();
        ZooKeeperStore store = store(ensemble, "phx1", "c1");
        Znode<Master> seen = look(store).master();

        KillSession.kill(ensemble.curator().getZookeeperClient().getZooKeeper());
        Lab.awaitConnected(ensemble);
        awaitReadBack(store);

        assertThat(store.changeMaster(closing(seen, "after"))).isEqualTo(new Written.Ok(1));
        assertThat(look(store).master().value().attempt()).isEqualTo("after");
    }

    @Test
    void withoutZooKeeperEverythingIsUnknownAndNothingHangs() throws Exception {
        ZooKeeperStore store = store(lab.connect(), "phx1", "c1");
        Znode<Master> seen = look(store).master();
        lab.server.stop();
        long before = System.nanoTime();

        assertThat(store.renew(renewal(seen.version(), "n1"))).isInstanceOf(Written.Unknown.class);
        assertThat(store.changeMaster(closing(seen, "a"))).isInstanceOf(Written.Unknown.class);
        assertThat(store.readBack()).isInstanceOf(Written.Unknown.class);
        assertThat(store.look()).isInstanceOf(Seen.Unknown.class);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    }

    private static void awaitReadBack(ZooKeeperStore store) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> store.readBack().isOk());
    }

    private static ChangeMaster closing(Znode<Master> seen, String attempt) {
        return new ChangeMaster(seen, seen.value().withClosing("move-1", attempt), List.of(), null, "test");
    }

    private static ChangeMaster takeOver(ClusterState seen) {
        Check lease =
                new Check(Check.Kind.LEASE, "phx1", seen.region("phx1").lease().version());
        Master master = seen.master().value();
        return new ChangeMaster(
                seen.master(),
                master.next("aws1", false, null, "taken"),
                List.of(lease),
                Ended.of(master, false, true),
                "test");
    }

    private static Renew renewal(int masterVersion, String nonce) {
        return new Renew(
                "phx1", masterVersion, new Lease(1, nonce, Duration.ofSeconds(3), "c1", Phase.OPEN, "open", null));
    }
}

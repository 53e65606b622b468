package io.regent.coordinator.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.zookeeper.Replacement.Fate;
import io.regent.coordinator.zookeeper.Replacement.Standing;
import io.regent.coordinator.zookeeper.Replacement.Withdrawn;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.GivingUp;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.replicator.apply.StopReport;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster that is founded in the place of another, with somebody else at the same work. */
class ReplacementIT {
    private Lab lab;
    private ClusterObserver observer;
    private Replacement place;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.withCluster();
        observer = observer();
        place = observer.replacement();
    }

    @AfterEach
    void stop() throws Exception {
        observer.close();
        lab.close();
    }

    private ClusterObserver observer() throws InterruptedException {
        ClusterObserver other =
                ClusterObserver.connect(lab.server.getConnectString(), Lab.CLUSTER, List.of("phx1", "aws1"));
        assertThat(other.awaitConnected(Duration.ofSeconds(10))).isTrue();
        return other;
    }

    private static Refounding anew(String attempt) {
        Master master = new Master(2, "aws1", new GivingUp(null, false, true), null, 0, attempt);
        Lease none = Lease.none(Timing.standard().ttl());
        return new Refounding(
                master,
                Timing.standard(),
                Map.of("phx1", none, "aws1", none),
                List.of(),
                List.of(new Ended(1, "phx1", Lab.CUT, true, true, "", "")),
                List.of(),
                Plan.union(2, "aws1", Lab.CUT));
    }

    private Withdrawn withdraw(String run) {
        assertThat(place.standing()).isInstanceOf(Found.class);
        Standing standing = ((Found<Standing>) place.standing()).value();
        Written written = place.withdraw(standing, run, "a test");
        assertThat(written).isInstanceOf(Written.Ok.class);
        return new Withdrawn(run, ((Written.Ok) written).version());
    }

    private Master master() {
        assertThat(observer.look()).isInstanceOf(Found.class);
        return ((Found<ClusterState>) observer.look()).value().master().value();
    }

    /** Sets {@code /master} until it has this version. */
    private Master goOn(int version) {
        ZooKeeperStore store = Lab.store(lab.connect(), "aws1", "c1");
        while (true) {
            Znode<Master> seen = Lab.look(store).master();
            if (seen.version() == version) {
                return seen.value();
            }
            Master next = seen.value().withCut(GtidSet.EMPTY, "by-aws1-" + seen.version());
            assertThat(store.changeMaster(new ChangeMaster(seen, next, List.of(), null, ""))
                            .isOk())
                    .isTrue();
        }
    }

    @Test
    void whatWasWithdrawnIsReplacedOnceWithAllThatTheNewOneBeginsWith() throws Exception {
        Withdrawn mine = withdraw("mine");
        assertThat(observer.look()).isInstanceOf(Seen.Unknown.class);
        assertThat(place.fate(mine)).isEqualTo(new Found<>(Fate.STANDS));
        assertThat(place.found(anew("adopt-mine"), mine).isOk()).isTrue();
        assertThat(place.fate(mine)).isEqualTo(new Found<>(Fate.REPLACED));
        assertThat(master().epoch()).isEqualTo(2);
        assertThat(((Found<ClusterState>) observer.look()).value().union())
                .isNotNull()
                .extracting(union -> union.value().union())
                .isEqualTo(Lab.CUT);
        Master later = goOn(1);
        assertThat(place.found(anew("again"), mine)).isInstanceOf(Written.Refused.class);
        assertThat(place.fate(mine)).as("whatever became of it").isEqualTo(new Found<>(Fate.REPLACED));
        assertThat(master()).isEqualTo(later);
    }

    @Test
    void whatWasSkippedWhatDiffersAndWhatWasLostStandsInTheNewOneToo() {
        Gtid gtid = Gtid.of(new UUID(0, 7), 7);
        Differences differs = new Differences("2026-12-01T00:00:00Z", List.of("phx1", "aws1"), 1, List.of("skipped"));
        Skip skip = new Skip(
                gtid.toString(),
                "2026-12-01T00:00:00Z",
                "Ada",
                "why",
                "aws1<-phx1",
                List.of("phx1"),
                StopReport.unreadable(gtid, "XA"));
        assertThat(observer.skips()
                        .order(skip, observer.setup().differences(), differs)
                        .isOk())
                .isTrue();
        assertThat(((Found<ClusterState>) observer.look()).value().skipped()).isEqualTo(GtidSet.of(gtid));
        assertThat(observer.skips().order(skip, observer.setup().differences(), differs))
                .as("once")
                .isInstanceOf(Written.Refused.class);
        Cost cost = new Cost(1, "2026-12-01T00:00:00Z", null, Lab.CUT, new TreeMap<>(), GtidSet.EMPTY);
        CostBoard board = new CostBoard(lab.connect(), Lab.CLUSTER);
        await().until(() -> board.say(cost));
        Withdrawn mine = withdraw("mine");
        assertThat(place.found(anew("adopt-mine"), mine).isOk()).isTrue();
        assertThat(observer.costs(((Found<ClusterState>) observer.look()).value()))
                .isEqualTo(Map.of(1L, cost));
        assertThat(observer.skips().all()).isEqualTo(new Found<>(List.of(skip)));
        assertThat(((Found<ClusterState>) observer.look()).value().skipped()).isEqualTo(GtidSet.of(gtid));
        assertThat(((Found<Znode<Differences>>) observer.setup().differences())
                        .value()
                        .value())
                .isEqualTo(differs);
    }

    @Test
    void aRunThatStoodStillLeavesTheClusterAloneThatAnotherFoundedMeanwhile() throws Exception {
        Withdrawn mine = withdraw("mine");
        Withdrawn other = withdraw("other");
        assertThat(place.fate(mine)).isEqualTo(new Found<>(Fate.CHANGED));
        assertThat(place.found(anew("mine"), mine)).isInstanceOf(Written.Refused.class);
        assertThat(place.found(anew("other"), other).isOk()).isTrue();
        Master later = goOn(mine.master());
        assertThat(place.found(anew("mine"), mine))
                .as("at the very version that it withdrew")
                .isInstanceOf(Written.Refused.class);
        assertThat(place.fate(mine)).isEqualTo(new Found<>(Fate.CHANGED));
        assertThat(master()).isEqualTo(later);
    }

    @Test
    void whereThereWasNoMasterOneThatCameMeanwhileIsLeftAlone() throws Exception {
        ClusterObserver elsewhere =
                ClusterObserver.connect(lab.server.getConnectString(), "empty", List.of("phx1", "aws1"));
        try (elsewhere) {
            assertThat(elsewhere.awaitConnected(Duration.ofSeconds(10))).isTrue();
            Replacement empty = elsewhere.replacement();
            assertThat(empty.begin("mine").isOk()).isTrue();
            assertThat(empty.begin("other").isOk())
                    .as("the root is there by now")
                    .isTrue();
            Withdrawn mine = new Withdrawn("mine", -1);
            assertThat(empty.fate(mine)).isEqualTo(new Found<>(Fate.STANDS));
            assertThat(empty.found(anew("other"), new Withdrawn("other", -1)).isOk())
                    .isTrue();
            assertThat(empty.fate(mine)).isEqualTo(new Found<>(Fate.CHANGED));
            assertThat(empty.found(anew("mine"), mine)).isInstanceOf(Written.Refused.class);
            assertThat(((Found<ClusterState>) elsewhere.look())
                            .value()
                            .master()
                            .value()
                            .attempt())
                    .isEqualTo("other");
        }
    }
}

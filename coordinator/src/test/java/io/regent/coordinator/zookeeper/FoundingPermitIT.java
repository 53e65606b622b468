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

    @Test
    void aWordThatStandsForGoodIsNotTakenBackByAFoundingAndNotSetOverOne() throws Exception {
        try (ClusterObserver observer = observer("bound")) {
            assertThat(observer.setup().found(FIRST, Timing.standard(), ORIGINS).isOk())
                    .isTrue();
            Replacement place = observer.replacement();
            Replacement.Standing first = standing(place);
            assertThat(place.withdraw(first, "run-1", "handed back").isOk()).isTrue();
            assertThat(place.begin("run-2").isOk()).isTrue();
            assertThat(place.bind(first, "handed back", "run-2"))
                    .as("of another version")
                    .isInstanceOf(Written.Refused.class);
            assertThat(place.bind(standing(place), "handed back", "gone"))
                    .as("a founding removed its sign")
                    .isInstanceOf(Written.Refused.class);
            assertThat(standing(place).bound()).isFalse();
            assertThat(place.bind(standing(place), "handed back", "run-2").isOk())
                    .isTrue();
            assertThat(standing(place).bound()).isTrue();
            assertThat(place.withdrawal()).isEqualTo(new Seen.Found<>("handed back"));
            assertThat(place.withdraw(standing(place), "run-3", "founded anew")).isInstanceOf(Written.Refused.class);
            assertThat(place.bind(standing(place), "handed back", "run-2").isOk())
                    .as("once more")
                    .isTrue();
        }
    }

    private static Replacement.Standing standing(Replacement place) {
        return ((Seen.Found<Replacement.Standing>) place.standing()).value();
    }

    @Test
    void aClusterThatWasHandedBackIsForgottenAsItStoodAlone() throws Exception {
        try (ClusterObserver observer = observer("forgotten")) {
            assertThat(observer.setup().found(FIRST, Timing.standard(), ORIGINS).isOk())
                    .isTrue();
            Replacement place = observer.replacement();
            assertThat(place.withdrawal()).isInstanceOf(Seen.Absent.class);
            Replacement.Standing standing = ((Seen.Found<Replacement.Standing>) place.standing()).value();
            assertThat(place.withdraw(standing, "run-1", "handed back").isOk()).isTrue();
            assertThat(place.withdrawal()).isEqualTo(new Seen.Found<>("handed back"));
            assertThat(place.regions()).isEqualTo(new Seen.Found<>(List.of("phx1")));
            assertThat(place.isPresent("phx1")).isEqualTo(new Seen.Found<>(false));
            assertThat(place.remove(standing)).as("it has changed since").isInstanceOf(Written.Refused.class);
            Replacement.Standing now = ((Seen.Found<Replacement.Standing>) place.standing()).value();
            assertThat(place.remove(now).isOk()).isTrue();
            assertThat(observer.look()).isInstanceOf(Seen.Absent.class);
        }
    }
}

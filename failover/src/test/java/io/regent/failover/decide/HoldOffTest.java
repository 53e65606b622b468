package io.regent.failover.decide;

import static io.regent.failover.decide.Turns.kinds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.PublishReach;
import io.regent.failover.diagnosis.Diagnosis;
import io.regent.failover.diagnosis.Heard;
import io.regent.failover.diagnosis.LastWords;
import io.regent.failover.diagnosis.Observation;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Failure;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.WriteState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long a silent master is waited for, and who is asked about it. */
class HoldOffTest {
    private static final int CLOSED = 5_200;

    private final Turns turns = new Turns("aws2");

    /** A master that is open and followed, seen for the first time. */
    private static Looks looks() {
        return new Looks("phx1")
                .lease("phx1", Phase.OPEN)
                .report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN)
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
                .report("aws2", 1, 0, "phx1:1-5", WriteState.STANDBY);
    }

    private Decision after(Looks looks, int millis) {
        turns.observe(looks.cluster());
        turns.pass(millis);
        return turns.observe(looks.cluster());
    }

    @Test
    void aSilentMasterThatAMajorityOfRegionsMissesIsReplacedAtOnce() {
        Looks looks = looks().reach("aws1").reach("aws2");
        assertThat(kinds(after(looks, CLOSED))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aSilentMasterWhoseMySqlTheOthersReachIsReplacedAtOnceForNothingIsLost() {
        assertThat(kinds(after(looks().reach("aws1", "phx1").reach("aws2", "phx1"), CLOSED)))
                .containsExactly(ChangeMaster.class);
    }

    @Test
    void oneWhoseWritesAreStillOnTheirWayIsWaitedForUntilTheyHaveCome() {
        Looks looks = looks().reach("aws1", "phx1").reach("aws2", "phx1");
        looks.report("aws1", 1, 0, "phx1:1-8", WriteState.STANDBY);
        Decision waits = after(looks, CLOSED);
        assertThat(waits.actions()).isEmpty();
        assertThat(waits.reason()).contains("nobody else has 1 of its transactions yet", "another 30 s");
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void oneWithWhomTheLinksDoNotKeepUpIsWaitedForThoughNothingIsKnownToLack() {
        Looks looks = looks().reach("aws1", "phx1").reach("aws2", "phx1");
        looks.behind("aws1", "phx1").behind("aws2", "phx1");
        assertThat(after(looks, CLOSED).actions()).isEmpty();
        looks.behind("aws1").behind("aws2");
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void ofTwoRegionsTheOtherOneIsEnoughToFollowWhatItReaches() {
        Looks looks = looks().report("aws2", 1, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(Testimony.of(withoutAws1(looks.reach("aws2").cluster())).isFollowed())
                .isFalse();
        assertThat(Testimony.of(withoutAws1(looks.reach("aws2", "phx1").cluster()))
                        .isFollowed())
                .isTrue();
    }

    @Test
    void oneThatAMinorityStillReachesIsWaitedFor() {
        Looks looks = looks().reach("aws1", "phx1").reach("aws2");
        Decision waits = after(looks, CLOSED);
        assertThat(waits.actions()).isEmpty();
        assertThat(waits.reason())
                .contains(
                        "phx1 has not renewed for 5200 ms", "1 of 3 regions misses it (aws2)", "aws1 reaches its MySQL")
                .contains("another 30 s");
        turns.pass(29_999);
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aRegionThatIsAwayOrRunsNoLinkSaysNothing() {
        Looks away = looks().reach("aws1").reach("aws2").absent("aws1");
        away.report("aws2", 1, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(after(away, CLOSED).actions())
                .as("aws1 may be cut off with aws2")
                .isEmpty();
        assertThat(after(looks().reach("aws2"), CLOSED).actions()).isEmpty();
    }

    @Test
    void oneThatComesBackMeanwhileStaysMaster() {
        Looks looks = looks().reach("aws2");
        after(looks, CLOSED + 20_000);
        looks.lease("phx1", Phase.OPEN);
        assertThat(after(looks, CLOSED + 29_999).actions()).isEmpty();
    }

    @Test
    void whoIsConfirmedToBeGoneWhileItIsWaitedForIsWaitedForNoLonger() {
        Looks looks = looks().reach("aws1", "phx1").reach("aws2");
        assertThat(after(looks, CLOSED).actions()).isEmpty();
        looks.reach("aws1");
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void theMastersOwnCoordinatorConfirmsThatItsMySqlDoesNotAnswer() {
        Looks looks = looks().reach("aws2").absent("aws1").report("phx1", 1, 1, "phx1:1-9", WriteState.UNREACHABLE);
        assertThat(kinds(after(looks, CLOSED))).containsExactly(ChangeMaster.class);
        looks.absent("phx1");
        assertThat(turns.observe(looks.cluster()).actions())
                .as("it is not there to say so")
                .isEmpty();
    }

    @Test
    void whoeverReachesItOutweighsAMajorityThatMissesIt() {
        Looks looks = looks().reach("aws2").reach("aws1", "phx1").report("phx1", 1, 1, "", WriteState.UNREACHABLE);
        assertThat(Testimony.of(looks.cluster()).missing()).hasSize(2);
        assertThat(after(looks, CLOSED).actions()).isEmpty();
    }

    @Test
    void ofTwoRegionsTheOtherOneAloneIsNoMajority() {
        Looks looks = looks().reach("aws2");
        assertThat(Testimony.of(withoutAws1(looks.cluster())).isConfirmed()).isFalse();
        looks.report("phx1", 1, 1, "phx1:1-9", WriteState.UNREACHABLE);
        assertThat(Testimony.of(withoutAws1(looks.cluster())).isConfirmed()).isTrue();
    }

    private static ClusterState withoutAws1(ClusterState three) {
        return new ClusterState(
                three.master(),
                three.regions().stream()
                        .filter(region -> !region.region().equals("aws1"))
                        .toList(),
                three.history(),
                three.plans(),
                three.verdicts(),
                three.origins(),
                three.policy());
    }

    @Test
    void whoGaveUpOrNeverOpenedIsNotWaitedFor() {
        Looks released = looks();
        released.master(released.master().withRelease("test"));
        assertThat(kinds(turns.observe(released.cluster()))).containsExactly(ChangeMaster.class);
        Looks onTheWay = looks().lease("phx1", Phase.FETCHING);
        assertThat(kinds(after(onTheWay, CLOSED))).containsExactly(ChangeMaster.class);
    }

    @Test
    void anOrderIsFollowedThoughTheMasterIsWaitedFor() {
        Looks looks = looks();
        assertThat(after(looks, CLOSED).actions()).isEmpty();
        looks.plan(new Plan("failover-1", Plan.Kind.FAILOVER, 1, "aws1", null, false));
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void operatorsSayHowLong() {
        HoldOff rides = new HoldOff(Duration.ofSeconds(60), Duration.ofSeconds(90));
        Looks looks = looks().reach("aws1").reach("aws2").policy(Policy.NONE.withHoldOff(rides));
        assertThat(after(looks, CLOSED + 59_999).actions()).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HoldOff(Duration.ofSeconds(-1), Duration.ZERO))
                .withMessageContaining("not negative");
    }

    @Test
    void whoIsReplacedOrWaitedForIsCalledByTheNameOfWhatItIsTakenFor() {
        Looks missed = looks().reach("aws1").reach("aws2");
        assertThat(failure(missed)).isEqualTo(Failure.MASTER_ISOLATED);
        assertThat(after(missed, CLOSED).reason())
                .startsWith("names aws1: phx1 has not renewed for 5200 ms (MasterIsolated)");
        assertThat(failure(missed.absent("phx1"))).isEqualTo(Failure.MASTER_REGION_GONE);
        Looks followed = looks().reach("aws1", "phx1").reach("aws2", "phx1");
        assertThat(failure(followed)).isEqualTo(Failure.COORDINATOR_GONE_MYSQL_FINE);
        assertThat(failure(followed.absent("phx1"))).isEqualTo(Failure.COORDINATOR_GONE_MYSQL_FINE);
        assertThat(failure(looks())).isEqualTo(Failure.MASTER_UNCONFIRMED);
        assertThat(failure(looks().absent("phx1").reach("aws2"))).isEqualTo(Failure.MASTER_UNCONFIRMED);
    }

    @Test
    void whoTakesOverSaysHowMuchIsKnownToBeOnlyAtTheMaster() {
        Looks all = looks().reach("aws1").reach("aws2");
        assertThat(after(all, CLOSED).reason()).endsWith("(MasterIsolated); nothing is known to be only there");
        all.report("aws1", 1, 0, "phx1:1-7", WriteState.STANDBY);
        assertThat(after(all, CLOSED).reason()).endsWith("(MasterIsolated); known to be only there: 2 transactions");
    }

    @Test
    void whatItsOwnCoordinatorReportedNamesItOnceOthersConfirmOrFollow() {
        assertThat(failure(withoutMysql(looks()))).isEqualTo(Failure.MASTER_UNCONFIRMED);
        assertThat(failure(withoutMysql(looks().reach("aws2")))).isEqualTo(Failure.MASTER_MYSQL_DOWN);
        assertThat(failure(withoutMysql(looks().reach("aws1", "phx1").reach("aws2", "phx1"))))
                .isEqualTo(Failure.MASTER_MYSQL_DOWN);
        assertThat(failure(withoutMysql(looks().reach("aws1").reach("aws2").absent("phx1"))))
                .as("it is not there to say so")
                .isEqualTo(Failure.MASTER_REGION_GONE);
    }

    @Test
    void aDiagnosisOfWhatStandsInZooKeeperCallsASilentMasterAsADecisionDoes() {
        for (Looks looks : List.of(
                looks().absent("phx1"),
                looks().absent("phx1").reach("aws1").reach("aws2"),
                looks().absent("phx1").reach("aws1", "phx1").reach("aws2", "phx1"),
                looks().absent("phx1").reach("aws1", "phx1").reach("aws2"),
                looks().absent("phx1")
                        .reach("aws1", "phx1")
                        .reach("aws2", "phx1")
                        .behind("aws1", "phx1"),
                looks().reach("aws1").reach("aws2"),
                looks().reach("aws1", "phx1").reach("aws2", "phx1"),
                looks().reach("aws2"))) {
            ClusterState cluster = looks.cluster();
            List<Observation> written = cluster.regions().stream()
                    .map(region -> new LastWords(Duration.ZERO, Duration.ZERO, Duration.ZERO, Heard.NOBODY)
                            .observation(region))
                    .toList();
            assertThat(Diagnosis.of(cluster, written, true).get(0).failure())
                    .as(cluster.regions().toString())
                    .isEqualTo(failure(looks));
        }
    }

    private static Failure failure(Looks looks) {
        return Testimony.of(looks.cluster()).failure();
    }

    private static Looks withoutMysql(Looks looks) {
        return looks.report("phx1", 1, 1, "phx1:1-9", WriteState.UNREACHABLE);
    }

    @Test
    void theSentenceOfAWaitHasItsName() {
        Decision waits = after(looks().reach("aws1", "phx1").reach("aws2"), CLOSED);
        assertThat(waits.reason())
                .startsWith(
                        "phx1 has not renewed for 5200 ms (MasterUnconfirmed), and 1 of 3 regions misses it (aws2)");
        Looks onTheWay = looks().lease("phx1", Phase.FETCHING);
        assertThat(after(onTheWay, CLOSED).reason()).contains("has not renewed for 5200 ms (it never opened)");
        Looks released = withoutMysql(looks());
        released.master(released.master().withRelease("test"));
        assertThat(turns.observe(released.cluster()).reason()).contains("phx1 gave up epoch 1 (MasterMySqlDown); ");
        Looks stalled = looks();
        stalled.master(stalled.master().withRelease("test"));
        assertThat(turns.observe(stalled.cluster()).reason()).contains("phx1 gave up epoch 1; ");
    }

    @Test
    void aHoldOffOfOneNameIsAppliedToThatNameAlone() {
        HoldOff named = HoldOff.STANDARD.with(Failure.MASTER_REGION_GONE, Duration.ofSeconds(60));
        Looks isolated = looks().reach("aws1").reach("aws2").policy(Policy.NONE.withHoldOff(named));
        assertThat(kinds(after(isolated, CLOSED))).containsExactly(ChangeMaster.class);
        Looks gone = looks().reach("aws1")
                .reach("aws2")
                .policy(Policy.NONE.withHoldOff(named))
                .absent("phx1");
        assertThat(after(gone.lease("phx1", Phase.OPEN), CLOSED + 59_999).reason())
                .contains("(MasterRegionGone)", "another 60 s");
        turns.pass(1);
        assertThat(kinds(turns.observe(gone.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aHoldOffIsOfANameThatASilentMasterMayHave() {
        HoldOff both = new HoldOff(Duration.ofSeconds(5), Duration.ofSeconds(40));
        assertThat(HoldOff.FAILURES).hasSize(6);
        for (Failure failure : HoldOff.FAILURES) {
            boolean unconfirmed = failure == Failure.MASTER_UNCONFIRMED;
            Duration named = failure == Failure.MASTER_STALLED ? HoldOff.BACKUP : both.confirmed();
            assertThat(both.of(failure)).isEqualTo(unconfirmed ? both.unconfirmed() : named);
            HoldOff set = both.with(failure, Duration.ofSeconds(7));
            assertThat(set.of(failure)).isEqualTo(Duration.ofSeconds(7));
            HoldOff.FAILURES.stream()
                    .filter(other -> other != failure)
                    .forEach(other -> assertThat(set.of(other)).isEqualTo(both.of(other)));
            assertThat(set.with(failure, null).of(failure)).isEqualTo(unconfirmed ? Duration.ofSeconds(30) : named);
        }
        assertThat(both.with(Failure.MASTER_UNCONFIRMED, Duration.ZERO).named()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> both.of(Failure.REGION_GONE));
        assertThatIllegalArgumentException().isThrownBy(() -> both.with(Failure.REGION_GONE, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> both.with(Failure.MASTER_ISOLATED, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HoldOff(
                        Duration.ZERO, Duration.ZERO, Map.of(Failure.MASTER_UNCONFIRMED, Duration.ofSeconds(1))));
    }

    @Test
    void whomTheLinksReachIsSaidWhenItChangesAtMostOnceAPeriod() {
        Looks looks = looks();
        assertThat(turns.observe(looks.cluster()).actions()).as("no link runs").isEmpty();
        Reach all = new Reach(List.of("phx1", "aws1"), List.of(), List.of());
        turns.reach(all);
        assertThat(turns.observe(looks.cluster()).actions()).containsExactly(new PublishReach("aws2", all, -1));
        looks.reach("aws2", "aws1", "phx1");
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        turns.reach(new Reach(List.of("aws1"), List.of("phx1"), List.of()));
        assertThat(turns.observe(looks.cluster()).actions()).as("a moment ago").isEmpty();
        turns.pass(500);
        assertThat(kinds(turns.observe(looks.lease("phx1", Phase.OPEN).cluster())))
                .containsExactly(PublishReach.class);
    }
}

package io.regent.failover.decide;

import static io.regent.failover.decide.Turns.kinds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.PublishReach;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.WriteState;
import java.time.Duration;
import java.util.List;
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

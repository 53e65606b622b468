package io.regent.failover.cycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.failover.Looks;
import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Probe;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.cycle.Step.LookAtCluster;
import io.regent.failover.cycle.Step.LookAtServer;
import io.regent.failover.cycle.Step.Perform;
import io.regent.failover.cycle.Step.Rest;
import io.regent.failover.decide.Scripted;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Reach;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.RegionView;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CycleTest {
    private static final Cycle.Who PHX1 = new Cycle.Who("phx1", "phx1/1");
    private static final long PERIOD = Timing.standard().period().toMillis();
    private static final Action CLOSE = Close.unannounced(true);
    private static final Action RECORD = new RecordEpoch(1, "phx1", GtidSet.EMPTY, 7);
    private static final Action STANDBY = new Standby();
    private static final Action PROBE = new Probe(true);
    private static final Outcome CLOSED = Outcome.closed(GtidSet.EMPTY, true);

    private final Looks looks = new Looks("phx1");
    private final Deque<Decision> region = new ArrayDeque<>();
    private final Deque<Decision> observer = new ArrayDeque<>();
    private final List<RegionView> observed = new ArrayList<>();
    private int tokens;
    private long monotonic = 1_000;
    private long wall = 500_000;

    private final Cycle cycle = new Cycle(
            PHX1,
            Scripted.region(view -> region.isEmpty() ? rests(250) : region.poll()),
            Scripted.observer(view -> {
                observed.add(view);
                return observer.isEmpty() ? rests(250) : observer.poll();
            }),
            Timing.standard().period(),
            () -> "token-" + ++tokens);

    private static Decision does(Action... actions) {
        return new Decision(List.of(actions), "does", Duration.ZERO);
    }

    private static Decision rests(long millis) {
        return new Decision(List.of(), "rests", Duration.ofMillis(millis));
    }

    private Moment now() {
        return new Moment(monotonic, wall);
    }

    private void pass(long millis) {
        monotonic += millis;
        wall += millis;
    }

    private void lookAtCluster(@Nullable ClusterState seen) {
        cycle.sawCluster(seen, false, now());
    }

    private Step lookAtServer(WriteState state) {
        OwnServer own = OwnServer.up(looks.local("phx1", state, "phx1:1-9", 1));
        cycle.sawServer(own, new Duty(true, true, 7), Reach.NONE, now());
        return cycle.step();
    }

    /** Looks at both, and at once. */
    private Step look() {
        if (cycle.step() instanceof Rest) {
            cycle.rested();
        }
        lookAtCluster(looks.cluster());
        return lookAtServer(WriteState.OPEN);
    }

    private Step did(Outcome outcome) {
        cycle.did(outcome, now(), now());
        return cycle.step();
    }

    private RegionView lastView() {
        return Objects.requireNonNull(cycle.decided()).view();
    }

    private static void assertLooksAnew(Step step) {
        assertThat(step).isInstanceOf(Rest.class);
    }

    // Looking.

    @Test
    void zooKeeperIsLookedAtBeforeTheOwnServer() {
        assertThat(cycle.step()).isEqualTo(new LookAtCluster());
        ClusterState seen = looks.cluster();
        lookAtCluster(seen);
        assertThat(cycle.step()).isEqualTo(new LookAtServer(false));
        lookAtServer(WriteState.OPEN);
        assertThat(lastView().cluster()).isSameAs(seen);
        cycle.rested();
        assertThat(cycle.step()).isEqualTo(new LookAtCluster());
    }

    @Test
    void aLookThatCameToNothingTakesThePlaceOfTheOneBefore() {
        sure();
        look();
        assertThat(observed).hasSize(1);
        cycle.rested();
        lookAtCluster(null);
        lookAtServer(WriteState.OPEN);
        assertThat(lastView().cluster()).isNull();
        assertThat(observed).as("who sees no cluster sees to none").hasSize(1);
    }

    @Test
    void theServerIsSearchedForWhatHoldsAMoveUpOnlyWhileOneRegardsIt() {
        Plan.Drain drain = new Plan.Drain(Duration.ofSeconds(10), false);
        looks.plan(new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false, null, drain));
        lookAtCluster(looks.cluster());
        assertThat(cycle.step()).isEqualTo(new LookAtServer(true));
    }

    @Test
    void theMemoryOfADecisionIncludesTheLookThatItIsMadeOf() {
        look();
        pass(400);
        look();
        assertThat(lastView().memory().sinceEpoch(looks.cluster(), now())).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void onANewSessionNothingThatWasSeenThereStoodStill() {
        look();
        pass(400);
        cycle.rested();
        cycle.sawCluster(looks.cluster(), true, now());
        lookAtServer(WriteState.OPEN);
        assertThat(lastView().memory().silence(looks.cluster(), "aws1", now())).isZero();
        assertThat(lastView().memory().sinceExecuted(Looks.set("phx1:1-9"), now()))
                .as("the own server has nothing to do with it")
                .isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void aNewSessionThatSaysNothingForgetsAllTheSame() {
        look();
        pass(400);
        cycle.rested();
        cycle.sawCluster(null, true, now());
        lookAtServer(WriteState.OPEN);
        look();
        assertThat(lastView().memory().sinceEpoch(looks.cluster(), now())).isZero();
    }

    @Test
    void whatEndsOutOfTurnIsRefused() {
        assertThatThrownBy(cycle::rested).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> did(Outcome.DONE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lookAtServer(WriteState.OPEN)).hasMessageContaining("LookAtCluster");
        lookAtCluster(looks.cluster());
        assertThatThrownBy(() -> lookAtCluster(looks.cluster())).isInstanceOf(IllegalStateException.class);
    }

    // Doing.

    @Test
    void underTheRealRulesNothingIsAttemptedBeforeTheFirstReadBack() {
        Cycle real = new Cycle(PHX1, Timing.standard(), () -> "token");
        real.sawCluster(looks.cluster(), true, now());
        OwnServer own = OwnServer.up(looks.local("phx1", WriteState.STANDBY, "", 0));
        real.sawServer(own, new Duty(true, true, 7), Reach.NONE, now());
        assertThat(real.step()).isEqualTo(new Perform(new ReadBack("phx1/1")));
        real.did(Outcome.UNKNOWN, now(), now());
        assertThat(real.memory().unsure()).isTrue();
    }

    @Test
    void aListIsPerformedInItsOrder() {
        region.add(does(STANDBY, PROBE));
        assertThat(look()).isEqualTo(new Perform(STANDBY));
        assertThat(did(Outcome.DONE)).isEqualTo(new Perform(PROBE));
        assertThat(did(Outcome.DONE)).isEqualTo(new Rest(Pace.AFTER_SUCCESS, null));
    }

    @Test
    void nothingFollowsAnActionOfWhichNobodyKnowsWhetherItWasDone() {
        region.add(does(STANDBY, PROBE));
        look();
        assertThat(did(Outcome.UNKNOWN)).isInstanceOf(Rest.class);
        assertThat(look()).as("the rest of the list is forgotten").isEqualTo(new Rest(Duration.ofMillis(250), null));
    }

    @Test
    void nothingFollowsAnActionThatWasRefused() {
        region.add(does(STANDBY, PROBE));
        look();
        Step step = did(Outcome.refused("it is closed"));
        assertThat(((Rest) step).failed()).extracting(Step.Failed::words).isEqualTo("Standby REFUSED: it is closed");
    }

    @Test
    void whatCameOfAnActionIsRememberedBeforeTheNextDoneOrNot() {
        ClusterState seen = looks.cluster();
        Action change =
                new ChangeMaster(seen.master(), seen.master().value().withRelease("a"), List.of(), null, "gives up");
        region.add(does(change));
        region.add(does(new ReadBack("phx1/1"), change, PROBE));
        look();
        did(Outcome.UNKNOWN);
        assertThat(cycle.memory().unsure()).isTrue();
        look();
        did(Outcome.DONE);
        assertThat(cycle.memory().unsure()).isFalse();
        assertThat(did(Outcome.REFUSED)).isInstanceOf(Rest.class);
        assertThat(cycle.memory().unsure()).isTrue();
    }

    @Test
    void theClusterIsSeenToOnlyIfThereIsNothingToDoAtHome() {
        sure();
        region.add(does(STANDBY));
        observer.add(does(PROBE));
        look();
        assertThat(did(Outcome.DONE)).isInstanceOf(Rest.class);
        assertThat(observed).isEmpty();
        assertThat(look()).isEqualTo(new Perform(PROBE));
    }

    // Going on at once.

    @Test
    void afterAClosingTheOwnServerAloneIsLookedAt() {
        region.add(does(CLOSE));
        region.add(does(PROBE));
        look();
        ClusterState before = Objects.requireNonNull(lastView().cluster());
        assertThat(did(CLOSED)).isInstanceOf(LookAtServer.class);
        assertThat(lookAtServer(WriteState.SEALED)).isEqualTo(new Perform(PROBE));
        assertThat(lastView().cluster()).isSameAs(before);
        assertThat(lastView().memory().closed()).as("what the closing found").isNotNull();
    }

    @Test
    void afterAnEpochWasRecordedTheOwnServerAloneIsLookedAt() {
        region.add(does(STANDBY, RECORD));
        look();
        did(Outcome.DONE);
        assertThat(did(Outcome.DONE)).isInstanceOf(LookAtServer.class);
    }

    @Test
    void afterAClosingThatWasNotConfirmedAllIsLookedAtAnew() {
        for (Outcome outcome : List.of(Outcome.UNKNOWN, Outcome.REFUSED)) {
            region.add(does(CLOSE));
            look();
            assertLooksAnew(did(outcome));
        }
    }

    @Test
    void afterAClosingWhoseListWasNotDoneAllIsLookedAtAnew() {
        region.add(does(CLOSE, PROBE));
        look();
        did(CLOSED);
        assertLooksAnew(did(Outcome.UNKNOWN));
    }

    @Test
    void aLookIsGoneOnFromOnce() {
        region.add(does(CLOSE));
        region.add(does(RECORD));
        look();
        did(CLOSED);
        lookAtServer(WriteState.SEALED);
        assertThat(did(Outcome.DONE)).isEqualTo(new Rest(Pace.AFTER_SUCCESS, null));
        region.add(does(RECORD));
        look();
        assertThat(did(Outcome.DONE)).as("but each look is").isInstanceOf(LookAtServer.class);
    }

    @Test
    void whoGoesOnAndFindsNothingToDoLooksAnewWithoutRestBeforeItSeesToTheCluster() {
        sure();
        region.add(does(CLOSE));
        look();
        did(CLOSED);
        assertThat(lookAtServer(WriteState.SEALED)).isEqualTo(new Rest(Duration.ZERO, null));
        assertThat(observed).isEmpty();
    }

    @Test
    void aLookThatIsOlderThanAPeriodIsNotGoneOnFrom() {
        region.add(does(CLOSE));
        look();
        pass(PERIOD);
        assertThat(did(CLOSED)).isInstanceOf(LookAtServer.class);
        lookAtServer(WriteState.SEALED);
        region.add(does(CLOSE));
        look();
        pass(PERIOD + 1);
        assertLooksAnew(did(CLOSED));
    }

    @Test
    void theAgeOfALookCountsFromBeforeItAndOnEitherClock() {
        region.add(does(CLOSE));
        lookAtCluster(looks.cluster());
        pass(PERIOD);
        lookAtServer(WriteState.OPEN);
        wall += 1; // the machine was suspended: the other clock stood still
        assertLooksAnew(did(CLOSED));
    }

    @Test
    void whatIsDoneForTheClusterIsNeverGoneOnFrom() {
        observer.add(does(CLOSE));
        cycle.sawCluster(looks.cluster(), false, now());
        cycle.sawServer(OwnServer.UNREACHABLE, new Duty(true, true, 7), Reach.NONE, now());
        assertThat(observed)
                .as("before the first read-back an observer is not asked")
                .isEmpty();
        sure();
        look();
        assertThat(observed).hasSize(1);
        assertThat(did(CLOSED)).isEqualTo(new Rest(Pace.AFTER_SUCCESS, null));
    }

    /** The first read-back is done. */
    private void sure() {
        region.add(does(new ReadBack("phx1/1")));
        look();
        did(Outcome.DONE);
    }

    // Resting.

    @Test
    void itRestsUntilTheEarlierOfBothWantsToLookAgain() {
        sure();
        region.add(rests(250));
        observer.add(rests(100));
        assertThat(look()).isEqualTo(new Rest(Duration.ofMillis(100), null));
        region.add(rests(50));
        observer.add(rests(100));
        assertThat(look()).isEqualTo(new Rest(Duration.ofMillis(50), null));
    }

    @Test
    void aNamedRegionThatIsNotOpenLooksOftenAtFirst() {
        lookAtCluster(looks.cluster());
        assertThat(lookAtServer(WriteState.STANDBY)).isEqualTo(new Rest(Pace.ON_THE_WAY, null));
        pass(Pace.LONG.toMillis());
        cycle.rested();
        lookAtCluster(looks.cluster());
        assertThat(lookAtServer(WriteState.STANDBY)).isEqualTo(new Rest(Pace.LONG_ON_THE_WAY, null));
    }

    @Test
    void whatFailsAgainAndAgainIsToldOnceAMinuteAndLessOftenTried() {
        List<Long> rests = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Rest rest = fails("no disk");
            rests.add(rest.longest().toMillis());
            assertThat(Objects.requireNonNull(rest.failed()).again()).isEqualTo(i > 0);
            pass(9_000);
        }
        assertThat(rests).containsExactly(20L, 40L, 80L, 160L, 160L, 160L);
        pass(6_000);
        assertThat(fails("no disk"))
                .extracting(rest -> Objects.requireNonNull(rest.failed()).again())
                .isEqualTo(false);
        assertThat(fails("no disk").longest()).hasMillis(40);
        assertThat(fails("no net").longest()).as("another failure").hasMillis(20);
    }

    private Rest fails(String why) {
        region.add(does(STANDBY));
        look();
        return (Rest) did(Outcome.refused(why));
    }
}

package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static io.regent.failover.decide.Turns.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Remains;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who takes over from a silent holder, and what its epoch begins with. */
class FailoverRulesTest {
    private final Turns turns = new Turns("phx1");

    /** A cluster whose master phx1 no other region reaches. */
    private static Looks deserted() {
        return new Looks("phx1").reach("aws1", "aws2").reach("aws2", "aws1");
    }

    @Test
    void silenceIsCountedFromTheFirstSightOfThisLeaseAndEpochAndCheckedAtTheTakeOver() {
        turns.of("aws2");
        Looks looks = deserted()
                .lease("phx1", Phase.OPEN)
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
                .report("aws2", 1, 0, "phx1:1-5", WriteState.STANDBY);
        turns.observe(looks.cluster());
        turns.pass(5_199);
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        looks.lease("phx1", Phase.OPEN);
        turns.pass(1);
        assertThat(turns.observe(looks.cluster()).actions()).as("it renewed").isEmpty();
        turns.pass(5_200);
        ChangeMaster takeOver =
                (ChangeMaster) turns.observe(looks.cluster()).actions().get(0);
        assertThat(takeOver.to().region()).as("its set is greater").isEqualTo("aws1");
        assertThat(takeOver.to().cut()).isNull();
        assertThat(takeOver.to().priorReleased()).isFalse();
        assertThat(takeOver.checks()).containsExactly(new Check(Check.Kind.LEASE, "phx1", 2));
        assertThat(takeOver.ended()).isNotNull().extracting("opened").isEqualTo(true);
    }

    @Test
    void aLeaseWithTheNumberOfTheOneBeforeIsARenewalAllTheSame() {
        turns.of("aws2");
        Looks looks = deserted().lease("phx1", Phase.OPEN).report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.observe(looks.cluster());
        turns.pass(5_200);
        looks.otherLease("phx1", "written after ZooKeeper was set back");
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        turns.pass(5_200);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void onANewSessionSilenceIsCountedAnewForTheHolderMayHaveRenewedBeforeZooKeeperWasSetBack() {
        turns.of("aws2");
        Looks looks = deserted().lease("phx1", Phase.OPEN).report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.observe(looks.cluster());
        turns.pass(5_199);
        turns.memory(turns.memory().onNewSession());
        turns.pass(1);
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        turns.pass(5_200);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void whileTheAutomationIsPausedOnlyAnOrderTakesOver() {
        turns.of("aws2");
        Looks looks = deserted()
                .policy(Policy.NONE.withPaused("the network is rebuilt"))
                .lease("phx1", Phase.OPEN)
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.observe(looks.cluster());
        turns.pass(60_000);
        Decision paused = turns.observe(looks.cluster());
        assertThat(paused.actions()).isEmpty();
        assertThat(paused.reason()).contains("has not renewed", "paused (the network is rebuilt)", "dbctl resume");
        looks.plan(new Plan("failover-1", Plan.Kind.FAILOVER, 1, "aws1", null, false));
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aTakeOverByItselfIsCheckedAgainstWhatOperatorsWant() {
        turns.of("aws2");
        Looks looks = deserted()
                .policy(Policy.NONE)
                .lease("phx1", Phase.OPEN)
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.observe(looks.cluster());
        turns.pass(5_200);
        ChangeMaster takeOver =
                (ChangeMaster) turns.observe(looks.cluster()).actions().get(0);
        assertThat(takeOver.checks()).contains(new Check(Check.Kind.POLICY, "", 0));
    }

    @Test
    void aSparedRegionIsNotNamed() {
        Looks looks = new Looks("phx1")
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
                .report("aws2", 1, 0, "phx1:1-5", WriteState.STANDBY);
        looks.policy(Policy.NONE.withMaintenance("aws1", true));
        assertThat(Candidates.choose(looks.cluster())).contains("aws2");
    }

    @Test
    void aFailoverThatWouldStrandMoreThanAllowedIsLeftToAnOperator() {
        turns.of("aws2");
        Looks looks = deserted().policy(Policy.NONE.withMaxStranded(10L));
        looks.report("phx1", 1, 1, "phx1:1-100", WriteState.OPEN);
        looks.report("aws1", 1, 0, "phx1:1-100", WriteState.STANDBY);
        looks.report("aws2", 1, 0, "phx1:1-90", WriteState.STANDBY);
        looks.lease("phx1", 7, "phx1:111"); // told by its last renewal, after its last report
        turns.observe(looks.cluster());
        turns.pass(5_200);
        Decision tooMuch = turns.observe(looks.cluster());
        assertThat(tooMuch.actions()).isEmpty();
        assertThat(tooMuch.reason()).contains("about 11 transactions would be stranded, more than 10");
        looks.report("aws1", 1, 0, "phx1:1-101", WriteState.STANDBY);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aMasterWhoseMySqlIsDeadIsKeptWhileTheAutomationIsPaused() {
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN).policy(Policy.NONE.withPaused("upgrade"));
        looks.report("phx1", 1, 1, "phx1:1-9", WriteState.UNREACHABLE);
        OwnServer readable = OwnServer.dead(new Remains(set("phx1:1-9"), 1));
        assertThat(turns.decide(looks.cluster(), readable).actions()).isEmpty();
        looks.policy(Policy.NONE);
        assertThat(kinds(turns.decide(looks.cluster(), readable))).containsExactly(ChangeMaster.class);
    }

    @Test
    void anotherObserverThanTheControllerTakesItsTurnOnePeriodLater() {
        turns.of("aws2");
        turns.duty(new Duty(true, false, 7));
        Looks looks = new Looks("phx1").report("aws1", 1, 0, "", WriteState.STANDBY);
        turns.observe(looks.cluster());
        turns.pass(5_200);
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        turns.pass(500);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aDivergedOrAbsentOrUnreachableRegionIsNoCandidate() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, set("phx1:1-50"))
                .report("aws2", 2, 0, "phx1:1-50,aws2:1", WriteState.STANDBY)
                .report("phx1", 2, 1, "phx1:1-50", WriteState.UNREACHABLE);
        assertThat(Candidates.choose(looks.cluster())).isEmpty();
        looks.report("phx1", 2, 1, "phx1:1-50", WriteState.STANDBY);
        assertThat(Candidates.choose(looks.cluster())).contains("phx1");
        looks.absent("phx1");
        assertThat(Candidates.choose(looks.cluster())).isEmpty();
    }

    @Test
    void whoWasNamedAndDidNotComeToOpenIsNamedAgainOnlyAfterEverybodyElse() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, null)
                .next("phx1", true, false, null)
                .report("phx1", 3, 1, "phx1:1-9", WriteState.STANDBY)
                .report("aws1", 3, 0, "phx1:1-9", WriteState.STANDBY)
                .report("aws2", 3, 0, "phx1:1-5", WriteState.STANDBY);
        assertThat(Candidates.choose(looks.cluster()))
                .as("aws1 has more, and would be stuck again")
                .contains("aws2");
        looks.next("aws2", true, false, null).next("aws1", true, false, null);
        assertThat(Candidates.choose(looks.cluster())).as("all were tried").contains("phx1");
        looks.next("phx1", true, false, null);
        assertThat(Candidates.choose(looks.cluster())).contains("aws2");
    }

    @Test
    void onceARegionOpenedItIsForgottenWhoDidNotBefore() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, null)
                .next("phx1", true, false, null)
                .next("aws2", true, true, null)
                .report("phx1", 4, 3, "phx1:1-5", WriteState.STANDBY)
                .report("aws1", 4, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(Candidates.choose(looks.cluster())).as("it has more").contains("aws1");
    }

    @Test
    void theUnionIsFrozenOfAllThatArePresentWithinWhatWasDeliverable() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").next("aws1", false, true, null);
        looks.report("aws1", 2, 0, "phx1:1-5,aws1:1", WriteState.STANDBY);
        looks.report("aws2", 2, 0, "phx1:1-4:6", WriteState.STANDBY);
        assertThat(kinds(turns.observe(looks.cluster())))
                .as("phx1 is present and has not published")
                .isEmpty();
        looks.absent("phx1");
        WritePlan freeze = (WritePlan) turns.observe(looks.cluster()).actions().get(0);
        assertThat(freeze.plan().union()).as("aws1:1 is a stray").isEqualTo(set("phx1:1-6"));
        assertThat(freeze.planVersion()).isEqualTo(-1);
    }

    @Test
    void theUnionDoesNotWaitForTheServerWhoseDeathWasProven() {
        turns.of("aws2");
        Looks looks = new Looks("phx1")
                .report("phx1", 1, 1, "phx1:1-9", WriteState.UNREACHABLE)
                .next("aws1", true, true, null);
        looks.report("aws1", 2, 0, "phx1:1-5", WriteState.STANDBY);
        looks.report("aws2", 2, 0, "phx1:1-6", WriteState.STANDBY);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(WritePlan.class);
    }

    @Test
    void theUnionWaitsForWhatTheDiskOfTheDeadMasterHoldsAndTakesItIn() {
        turns.of("aws2");
        Looks looks = new Looks("phx1")
                .report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN)
                .next("aws1", true, true, null);
        looks.report("aws1", 2, 0, "phx1:1-5", WriteState.STANDBY);
        looks.report("aws2", 2, 0, "phx1:1-6", WriteState.STANDBY);
        assertThat(turns.observe(looks.cluster()).actions())
                .as("its coordinator is there and has not said yet")
                .isEmpty();
        looks.report("phx1", 2, 1, "phx1:1-12", WriteState.DEAD);
        WritePlan freeze = (WritePlan) turns.observe(looks.cluster()).actions().get(0);
        assertThat(freeze.plan().union()).isEqualTo(set("phx1:1-12"));
    }

    @Test
    void whatTheDiskHoldsIsGivenUpOnlyWhenTheCandidateFetchesNothingForAWhile() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").next("aws1", true, true, null).plan(Plan.union(2, "aws1", set("phx1:1-12")));
        looks.report("phx1", 2, 1, "phx1:1-12", WriteState.DEAD);
        looks.report("aws1", 2, 0, "phx1:1-5", WriteState.STANDBY);
        looks.report("aws2", 2, 0, "phx1:1-6", WriteState.STANDBY);
        turns.observe(looks.cluster());
        turns.pass(2_000);
        looks.report("aws1", 2, 0, "phx1:1-7", WriteState.STANDBY);
        turns.observe(looks.cluster());
        for (int millis : new int[] {4_000, 4_000, 3_999}) {
            turns.pass(millis);
            assertThat(turns.observe(looks.lease("aws1", Phase.FETCHING).cluster())
                            .actions())
                    .as("it fetched 2")
                    .isEmpty();
        }
        turns.pass(1);
        WritePlan anew = (WritePlan) turns.observe(looks.cluster()).actions().get(0);
        assertThat(anew.plan().union()).isEqualTo(set("phx1:1-7"));
    }

    @Test
    void aDeadMasterIsPublishedWithItsDiskUnderTheEpochThatLooksForItsCut() {
        OwnServer dead = OwnServer.dead(new Remains(set("phx1:1-12"), 1));
        Looks known = new Looks("phx1").report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN);
        assertThat(published(known.next("aws1", true, true, set("phx1:1-9")), dead)
                        .state())
                .as("while its epoch has a cut nobody asks for the disk")
                .isEqualTo(WriteState.UNREACHABLE);
        Looks looks = new Looks("phx1").report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN);
        looks.next("aws1", true, true, null);
        assertThat(published(looks, dead)).isEqualTo(new Report(2, 1, set("phx1:1-12"), WriteState.DEAD, 0));
        assertThat(published(looks, OwnServer.DEAD).state()).isEqualTo(WriteState.UNREACHABLE);
        looks.next("aws2", false, false, null);
        assertThat(published(looks, dead).epoch()).as("aws1 found no cut").isEqualTo(3);
    }

    @Test
    void aMySqlThatIsProvenDeadIsGivenUpAtOnce() {
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN).report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN);
        OwnServer readable = OwnServer.dead(new Remains(set("phx1:1-12"), 1));
        ChangeMaster announced =
                (ChangeMaster) turns.decide(looks.cluster(), readable).actions().get(0);
        assertThat(announced.to().closing()).isEqualTo("release:dead");
    }

    @Test
    void oneWhoseDiskCannotBeReadIsWaitedForAMomentAndNotGivenUpIfTooMuchWouldBeStranded() {
        Looks looks = new Looks("phx1").report("phx1", 1, 1, "phx1:1-9", WriteState.UNREACHABLE);
        looks.report("aws1", 1, 0, "phx1:1-5", WriteState.STANDBY);
        assertThat(turns.decide(looks.cluster(), OwnServer.DEAD).actions()).isEmpty();
        turns.pass(2_000);
        assertThat(kinds(turns.decide(looks.cluster(), OwnServer.DEAD))).containsExactly(ChangeMaster.class);
        looks.policy(Policy.NONE.withMaxStranded(3L));
        assertThat(turns.decide(looks.cluster(), OwnServer.DEAD).actions())
                .as("4 are known to be only there")
                .isEmpty();
        OwnServer readable = OwnServer.dead(new Remains(set("phx1:1-9"), 1));
        assertThat(kinds(turns.decide(looks.cluster(), readable))).containsExactly(ChangeMaster.class);
    }

    @Test
    void anOrderForARegionThatIsNotFitNamesNobodyElse() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN);
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.UNREACHABLE);
        looks.report("aws2", 1, 0, "phx1:1-5", WriteState.STANDBY);
        looks.plan(new Plan("failover-1", Plan.Kind.FAILOVER, 1, "aws1", null, false));
        Decision decision = turns.observe(looks.cluster());
        assertThat(decision.actions()).isEmpty();
        assertThat(decision.reason()).contains("aws1 is not fit");
    }

    @Test
    void anOrderThatCannotBeFollowedNeverKeepsASilentMasterFromBeingReplaced() {
        turns.of("aws2");
        Looks looks = deserted().lease("phx1", Phase.OPEN);
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.UNREACHABLE);
        looks.report("aws2", 1, 0, "phx1:1-5", WriteState.STANDBY);
        looks.plan(new Plan("failover-1", Plan.Kind.FAILOVER, 1, "aws1", null, false));
        turns.observe(looks.cluster());
        turns.pass(5_199);
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        turns.pass(1);
        ChangeMaster takeOver =
                (ChangeMaster) turns.observe(looks.cluster()).actions().get(0);
        assertThat(takeOver.to().region()).isEqualTo("aws2");
        looks.policy(Policy.NONE.withPaused("upgrade"));
        Decision paused = turns.observe(looks.cluster());
        assertThat(paused.actions()).as("what was ordered is something else").isEmpty();
        assertThat(paused.reason()).contains("aws1 is not fit", "has not renewed", "paused (upgrade)");
    }

    @Test
    void anOrderThatCannotBeFollowedKeepsNobodyFromFollowingAnother() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN);
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.UNREACHABLE);
        looks.report("aws2", 1, 0, "phx1:1-5", WriteState.STANDBY);
        looks.plan(new Plan("failover-1", Plan.Kind.FAILOVER, 1, "aws1", null, false));
        looks.plan(new Plan("failover-2", Plan.Kind.FAILOVER, 1, "aws2", null, false));
        ChangeMaster takeOver =
                (ChangeMaster) turns.observe(looks.cluster()).actions().get(0);
        assertThat(takeOver.to().region()).isEqualTo("aws2");
        assertThat(takeOver.checks()).contains(new Check(Check.Kind.PLAN, "failover-2", 0));
    }

    @Test
    void anOrderWhoseTimeIsOverIsNeverFollowedAndIsCalledOff() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN);
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.UNREACHABLE);
        Plan order = new Plan("failover-1", Plan.Kind.FAILOVER, 1, "aws1", null, false, Duration.ofSeconds(30));
        looks.plan(order);
        turns.observe(looks.cluster());
        for (int i = 0; i < 30; i++) {
            assertThat(turns.observe(looks.lease("phx1", Phase.OPEN).cluster()).actions())
                    .isEmpty();
            turns.pass(1_000);
        }
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        Decision late = turns.observe(looks.lease("phx1", Phase.OPEN).cluster());
        assertThat(late.actions()).containsExactly(new WritePlan(10, order.calledOff(), 0));
        assertThat(late.reason()).contains("failover-1", "30 s");
    }

    @Test
    void anOrderIsFollowedAsLongAsItCounts() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN);
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.UNREACHABLE);
        looks.plan(new Plan("failover-1", Plan.Kind.FAILOVER, 1, "aws1", null, false, Duration.ofSeconds(30)));
        turns.observe(looks.cluster());
        turns.pass(29_999);
        looks.lease("phx1", Phase.OPEN).report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void whatWasGivenUpBeforeAPauseIsTakenOverInIt() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        looks.master(looks.master().withRelease("test")).policy(Policy.NONE.withPaused("too late"));
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void anOrderThatCannotBeFollowedKeepsNobodyFromFreezingTheUnion() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").next("aws1", true, true, null);
        looks.plan(new Plan("failover-1", Plan.Kind.FAILOVER, 2, "phx1", null, false));
        looks.report("phx1", 1, 1, "phx1:1-9", WriteState.UNREACHABLE);
        looks.report("aws1", 2, 0, "phx1:1-5", WriteState.STANDBY);
        looks.report("aws2", 2, 0, "phx1:1-6", WriteState.STANDBY);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(WritePlan.class);
    }

    private Report published(Looks looks, OwnServer own) {
        return ((Publish) turns.decide(looks.cluster(), own).actions().get(0)).report();
    }

    @Test
    void aSourceThatDoesNotAnswerAnyMoreIsLeftOutAfterAWhile() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").next("aws1", false, true, null).plan(Plan.union(2, "aws1", set("phx1:1-9")));
        looks.absent("phx1");
        looks.report("aws1", 2, 0, "phx1:1-5", WriteState.STANDBY);
        looks.report("aws2", 2, 0, "phx1:1-9", WriteState.UNREACHABLE);
        turns.observe(looks.cluster());
        turns.pass(2_999);
        assertThat(turns.observe(looks.cluster()).actions())
                .as("it may come back")
                .isEmpty();
        turns.pass(1);
        WritePlan anew = (WritePlan) turns.observe(looks.cluster()).actions().get(0);
        assertThat(anew.plan().union()).isEqualTo(set("phx1:1-5"));
        looks.report("aws2", 2, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(turns.observe(looks.cluster()).actions()).as("it came back").isEmpty();
    }

    @Test
    void theCandidateWritesTheCutOnlyWithLinksOffAndOnTheUnionItExecuted() {
        turns.of("aws1");
        Looks looks = new Looks("phx1").next("aws1", false, true, null).plan(Plan.union(2, "aws1", set("phx1:1-9")));
        LocalState behind = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", 0);
        turns.reported(looks, behind);
        turns.done(turns.decide(looks.cluster(), behind));
        Decision fetching = turns.decide(looks.cluster(), behind);
        assertThat(kinds(fetching)).containsExactly(RaiseGuards.class, StopLinks.class, RunLinks.class);
        turns.done(fetching);

        LocalState there = looks.local("aws1", WriteState.STANDBY, "phx1:1-9", 0);
        turns.reported(looks, there);
        Decision quiet = turns.decide(looks.cluster(), there);
        assertThat(kinds(quiet)).containsExactly(RaiseGuards.class, StopLinks.class);
        turns.done(quiet);
        ChangeMaster cut =
                (ChangeMaster) turns.decide(looks.cluster(), there).actions().get(0);
        assertThat(cut.to().cut()).isEqualTo(set("phx1:1-9"));
        assertThat(cut.checks()).containsExactly(new Check(Check.Kind.PLAN, "union-2", 0));
    }
}

package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.Halt;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.action.ZookeeperAction.Freeze;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LeaseRow;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Recorded;
import io.regent.failover.view.RegionView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One coordinator, one look after the other. */
class RulesTest {
    private static final Timing TIMING = Timing.standard();

    private final RegionRules rules = new RegionRules(TIMING);
    private final ObserverRules observer = new ObserverRules(TIMING);
    private String region = "phx1";
    private Duty duty = new Duty(true, true, 7);
    private Memory memory = Memory.EMPTY;
    private long millis = 1_000;
    private int tokens;

    private Moment at() {
        return new Moment(millis, 500_000 + millis);
    }

    private Decision decide(@Nullable ClusterState cluster, OwnServer own) {
        memory = memory.observing(cluster, own, at());
        return rules.decide(view(cluster, own), at(), "token-" + ++tokens);
    }

    private Decision observe(ClusterState cluster) {
        memory = memory.observing(cluster, OwnServer.UNREACHABLE, at());
        return observer.decide(view(cluster, OwnServer.UNREACHABLE), at(), "token-" + ++tokens);
    }

    private RegionView view(@Nullable ClusterState cluster, OwnServer own) {
        return new RegionView(region, region + "/1", duty, cluster, own, memory);
    }

    /** Remembers all actions as done. */
    private void done(Decision decision) {
        for (Action action : decision.actions()) {
            Outcome outcome = action instanceof Close ? Outcome.closed(set("phx1:1-9"), true) : Outcome.DONE;
            memory = action.remember(memory, outcome, at());
        }
    }

    private static List<Class<?>> kinds(Decision decision) {
        return decision.actions().stream().<Class<?>>map(Action::getClass).toList();
    }

    private static OwnServer up(LocalState state) {
        return OwnServer.up(state);
    }

    /** Renews once, as the region does before it opens. */
    private Decision renewed(Looks looks) {
        Decision renewal = decide(looks.cluster(), up(looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 0)));
        done(renewal);
        return renewal;
    }

    /** A report that leaves nothing to report. */
    private Looks reported(Looks looks, LocalState local) {
        String executed = local.executed().toString();
        Recorded recorded = local.recorded();
        return looks.report(region, recorded.epoch(), recorded.openedEpoch(), executed, local.state());
    }

    @Test
    void aNamedRegionRecordsReportsRenewsAndOpens() {
        Looks looks = new Looks("phx1");
        assertThat(kinds(decide(looks.cluster(), up(looks.local("phx1", WriteState.SEALED, "", Recorded.NOTHING)))))
                .containsExactly(Standby.class);

        LocalState fresh = looks.local("phx1", WriteState.STANDBY, "", Recorded.NOTHING);
        Decision renewal = decide(looks.cluster(), up(fresh));
        assertThat(kinds(renewal)).containsExactly(Ask.class, Renew.class, Grant.class);
        done(renewal);

        Decision recording = decide(looks.cluster(), up(fresh));
        assertThat(kinds(recording)).containsExactly(RaiseGuards.class, StopLinks.class, RecordEpoch.class);
        done(recording);

        LocalState local = looks.local("phx1", WriteState.STANDBY, "", 0);
        assertThat(kinds(decide(looks.cluster(), up(local)))).containsExactly(Publish.class);
        reported(looks, local);

        assertThat(decide(looks.cluster(), up(local)).actions()).containsExactly(new Open(1, "token-2"));
    }

    @Test
    void theLeaseRunsFromBeforeTheAskNotFromTheGrant() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        Decision renewal = renewed(looks);
        Moment beforeAsk = at();
        memory = renewal.actions().get(0).remember(memory, Outcome.DONE, beforeAsk);
        millis += 2_900;
        memory = renewal.actions().get(2).remember(memory, Outcome.DONE, at());
        assertThat(memory.held()).isNotNull().extracting(Memory.Held::since).isEqualTo(beforeAsk);
        assertThat(kinds(decide(null, up(open)))).isEmpty();
        millis += 100;
        assertThat(kinds(decide(null, up(open)))).containsExactly(Close.class);
    }

    @Test
    void aJumpOfTheWallClockEndsALease() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        renewed(looks);
        memory = memory.observing(looks.cluster(), up(open), at());
        Moment slept = new Moment(millis + 1, 500_000 + millis + 60_000);
        assertThat(kinds(rules.decide(view(null, up(open)), slept, "t"))).containsExactly(Close.class);
    }

    @Test
    void anUnansweredRenewalIsNoRenewal() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        renewed(looks);
        millis += 2_000;
        Decision renewal = decide(looks.cluster(), up(nextBeat(open)));
        assertThat(kinds(renewal)).contains(Renew.class);
        memory = renewal.actions().get(0).remember(memory, Outcome.DONE, at());
        memory = renewal.actions().get(1).remember(memory, Outcome.UNKNOWN, at());
        millis += 1_000;
        assertThat(kinds(decide(null, up(open)))).containsExactly(Close.class);
    }

    private static LocalState nextBeat(LocalState local) {
        return new LocalState(
                local.state(),
                local.preparedXa(),
                local.uuid(),
                local.executed(),
                local.recorded(),
                local.leases(),
                local.beat() + 1);
    }

    @Test
    void withoutANewBeatThereIsNoAsk() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        renewed(looks);
        millis += 600;
        assertThat(kinds(decide(looks.cluster(), up(open)))).doesNotContain(Ask.class);
        assertThat(kinds(decide(looks.cluster(), up(nextBeat(open))))).contains(Ask.class);
    }

    @Test
    void theOtherCoordinatorsLiveRowKeepsTheServerOpen() {
        Looks looks = new Looks("phx1");
        Recorded recorded = new Recorded(1, "phx1", set(""), 1, 0);
        OwnServer leased = up(looks.local("phx1", WriteState.OPEN, "phx1:1-9", recorded, new LeaseRow("phx1/2", true)));
        OwnServer notLeased =
                up(looks.local("phx1", WriteState.OPEN, "phx1:1-9", recorded, new LeaseRow("phx1/2", false)));
        assertThat(kinds(decide(null, leased))).isEmpty();
        assertThat(kinds(decide(null, notLeased))).containsExactly(Close.class);
    }

    @Test
    void aServerThatCannotBeSeenToBeClosedHaltsItsCoordinator() {
        Looks looks = new Looks("phx1");
        renewed(looks);
        memory = memory.observing(looks.cluster(), up(looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1)), at());
        millis += 2_999;
        assertThat(kinds(decide(null, OwnServer.UNREACHABLE))).isEmpty();
        millis += 1;
        assertThat(kinds(decide(null, OwnServer.UNREACHABLE))).containsExactly(Halt.class);
    }

    @Test
    void aRegionNamedAgainClosesAndIsNotRenewedWhileItIsOpenUnderTheOldEpoch() {
        Looks looks = new Looks("phx1").next("aws1", false, true, null).next("phx1", false, false, null);
        Recorded old = new Recorded(1, "phx1", set(""), 1, 0);
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", old, new LeaseRow("phx1/2", true));
        assertThat(kinds(decide(looks.cluster(), up(open)))).doesNotContain(Ask.class, Renew.class);
        LocalState unleased = looks.local("phx1", WriteState.OPEN, "phx1:1-9", old, new LeaseRow("phx1/2", false));
        assertThat(kinds(decide(looks.cluster(), up(unleased)))).containsExactly(Close.class);
    }

    @Test
    void whileClosingStandsNobodyRenewsAndEvidenceFromBeforeCountsForNothing() {
        Looks looks = new Looks("phx1")
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
                .plan(new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false));
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        reported(looks, open);
        renewed(looks);
        Decision announcing = decide(looks.cluster(), up(nextBeat(open)));
        ChangeMaster change = (ChangeMaster) announcing.actions().get(0);
        assertThat(change.to().closing()).isEqualTo("move-1");
        looks.master(change.to());

        memory = memory.withClosed(new Memory.Closed(-1, set("phx1:1-5"), true));
        LocalState sealed = looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1);
        millis += 600;
        Decision closing = decide(looks.cluster(), up(nextBeat(sealed)));
        assertThat(closing.actions())
                .containsExactly(new Close(looks.cluster().master().version(), false));
        done(closing);

        ChangeMaster handOver =
                (ChangeMaster) decide(looks.cluster(), up(sealed)).actions().get(0);
        assertThat(handOver.from()).isEqualTo(looks.cluster().master());
        assertThat(handOver.to().epoch()).isEqualTo(2);
        assertThat(handOver.to().region()).isEqualTo("aws1");
        assertThat(handOver.to().priorReleased()).isTrue();
        assertThat(handOver.to().cut()).isEqualTo(set("phx1:1-9"));
        assertThat(handOver.checks()).as("not called off").containsExactly(new Check(Check.Kind.PLAN, "move-1", 0));
    }

    @Test
    void preparedTransactionsAbortTheMove() {
        Looks looks = new Looks("phx1").plan(new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false));
        looks.master(looks.master().withClosing("move-1", "test"));
        int version = looks.cluster().master().version();
        memory = memory.withClosed(new Memory.Closed(version, set("phx1:1-9"), false));
        Decision decision = decide(looks.cluster(), up(looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1)));
        ChangeMaster abort = (ChangeMaster) decision.actions().get(0);
        assertThat(abort.to().closing()).isNull();
        assertThat(abort.to().epoch()).isEqualTo(1);
    }

    @Test
    void aHandBackOfATargetThatNeverExecutedTheCutKeepsTheCut() {
        region = "aws1";
        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-50"));
        looks.master(looks.master().withClosing("back:phx1", "test"));
        memory =
                memory.withClosed(new Memory.Closed(looks.cluster().master().version(), set("phx1:1-30,aws1:1"), true));
        Decision decision = decide(looks.cluster(), up(looks.local("aws1", WriteState.SEALED, "phx1:1-30,aws1:1", 0)));
        Master back = ((ChangeMaster) decision.actions().get(0)).to();
        assertThat(back.region()).isEqualTo("phx1");
        assertThat(back.cut()).as("all of it, and no stray of its own").isEqualTo(set("phx1:1-50"));
    }

    @Test
    void anAttemptWithoutAnswerIsReadBackBeforeAnythingElse() {
        Looks looks = new Looks("phx1");
        LocalState sealed = looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1);
        memory = memory.withUnsure(true);
        Decision decision = decide(looks.cluster(), up(sealed));
        assertThat(kinds(decision)).containsExactly(ReadBack.class);
        memory = decision.actions().get(0).remember(memory, Outcome.UNKNOWN, at());
        assertThat(kinds(decide(looks.cluster(), up(sealed)))).containsExactly(ReadBack.class);
        memory = decision.actions().get(0).remember(memory, Outcome.DONE, at());
        assertThat(kinds(decide(looks.cluster(), up(sealed)))).containsExactly(Standby.class);
    }

    @Test
    void aZooKeeperThatKnowsLessThanTheServerIsRefused() {
        Looks looks = new Looks("phx1");
        LocalState ahead = looks.local("phx1", WriteState.STANDBY, "", new Recorded(5, "aws1", set(""), 0, 0));
        Decision decision = decide(looks.cluster(), up(ahead));
        assertThat(decision.actions()).isEmpty();
        assertThat(decision.reason()).contains("refuses");
    }

    @Test
    void aDivergedRegionGivesUpInsteadOfOpening() {
        region = "aws1";
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-55", 0);
        reported(looks, local);
        done(decide(looks.cluster(), up(local)));
        ChangeMaster change =
                (ChangeMaster) decide(looks.cluster(), up(local)).actions().get(0);
        assertThat(change.to().closing()).isEqualTo("release:diverged");
    }

    @Test
    void anOpenerWaitsFromItsOwnSightOfTheLastRenewalUnlessTheHolderGaveUp() {
        region = "aws1";
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-50", 0);
        reported(looks, local);
        settle(looks, local);
        assertThat(decide(looks.cluster(), up(local)).reason()).isEqualTo("waits until no earlier holder can be open");
        looks.lease("phx1", Phase.OPEN);
        assertThat(decide(looks.cluster(), up(local)).actions())
                .as("it renewed")
                .isEmpty();
        millis += 5_699;
        assertThat(renewedThenDecided(looks, local).actions()).isEmpty();
        millis += 1;
        assertThat(kinds(decide(looks.cluster(), up(local)))).containsExactly(Open.class);
    }

    @Test
    void aServerThatIsNotTheRegionsDoesNotOpen() {
        region = "aws1";
        Looks looks =
                new Looks("phx1").next("aws1", true, true, set("phx1:1-50")).newUuid("aws1", Looks.uuid("phx1"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-50", 0);
        reported(looks, local);
        settle(looks, local);
        assertThat(renewedThenDecided(looks, local).reason()).contains("which is not the region's");
    }

    @Test
    void aRenewalThatAnOpenerSawBeforeTheTakeOverCountsFromThen() {
        region = "aws1";
        Looks before = new Looks("phx1").lease("phx1", Phase.OPEN);
        decide(before.cluster(), up(before.local("aws1", WriteState.STANDBY, "phx1:1-50", 0)));
        millis += 5_700;
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN).next("aws1", false, true, set("phx1:1-50"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-50", 0);
        reported(looks, local);
        settle(looks, local);
        assertThat(kinds(renewedThenDecided(looks, local))).containsExactly(Open.class);
    }

    private void settle(Looks looks, LocalState local) {
        done(decide(looks.cluster(), up(local)));
        done(decide(looks.cluster(), up(local)));
    }

    private Decision renewedThenDecided(Looks looks, LocalState local) {
        done(decide(looks.cluster(), up(nextBeat(local))));
        return decide(looks.cluster(), up(local));
    }

    @Test
    void theCandidateWritesTheCutOnlyWithLinksOffAndOnTheUnionItExecuted() {
        region = "aws1";
        Looks looks = new Looks("phx1").next("aws1", false, true, null).plan(Plan.union(2, "aws1", set("phx1:1-9")));
        LocalState behind = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", 0);
        reported(looks, behind);
        done(decide(looks.cluster(), up(behind)));
        Decision fetching = decide(looks.cluster(), up(behind));
        assertThat(kinds(fetching)).containsExactly(RaiseGuards.class, StopLinks.class, RunLinks.class);
        done(fetching);

        LocalState there = looks.local("aws1", WriteState.STANDBY, "phx1:1-9", 0);
        reported(looks, there);
        Decision quiet = decide(looks.cluster(), up(there));
        assertThat(kinds(quiet)).containsExactly(RaiseGuards.class, StopLinks.class);
        done(quiet);
        ChangeMaster cut =
                (ChangeMaster) decide(looks.cluster(), up(there)).actions().get(0);
        assertThat(cut.to().cut()).isEqualTo(set("phx1:1-9"));
        assertThat(cut.checks()).containsExactly(new Check(Check.Kind.PLAN, "union-2", 0));
    }

    @Test
    void linksOfAnEarlierIncarnationAreStartedAnew() {
        region = "aws1";
        Looks looks = new Looks("phx1");
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", 0);
        reported(looks, local);
        done(decide(looks.cluster(), up(local)));
        assertThat(kinds(decide(looks.cluster(), up(local)))).isEmpty();
        duty = new Duty(true, false, 8);
        assertThat(kinds(decide(looks.cluster(), up(local))))
                .containsExactly(RaiseGuards.class, StopLinks.class, RunLinks.class);
    }

    @Test
    void silenceIsCountedFromTheFirstSightOfThisLeaseAndEpochAndCheckedAtTheTakeOver() {
        region = "aws2";
        Looks looks = new Looks("phx1")
                .lease("phx1", Phase.OPEN)
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
                .report("aws2", 1, 0, "phx1:1-5", WriteState.STANDBY);
        observe(looks.cluster());
        millis += 5_699;
        assertThat(observe(looks.cluster()).actions()).isEmpty();
        looks.lease("phx1", Phase.OPEN);
        millis += 1;
        assertThat(observe(looks.cluster()).actions()).as("it renewed").isEmpty();
        millis += 5_700;
        ChangeMaster takeOver =
                (ChangeMaster) observe(looks.cluster()).actions().get(0);
        assertThat(takeOver.to().region()).as("its set is greater").isEqualTo("aws1");
        assertThat(takeOver.to().cut()).isNull();
        assertThat(takeOver.to().priorReleased()).isFalse();
        assertThat(takeOver.checks()).containsExactly(new Check(Check.Kind.LEASE, "phx1", 2));
        assertThat(takeOver.ended()).isNotNull().extracting("opened").isEqualTo(true);
    }

    @Test
    void anotherObserverThanTheControllerTakesItsTurnOnePeriodLater() {
        region = "aws2";
        duty = new Duty(true, false, 7);
        Looks looks = new Looks("phx1").report("aws1", 1, 0, "", WriteState.STANDBY);
        observe(looks.cluster());
        millis += 5_700;
        assertThat(observe(looks.cluster()).actions()).isEmpty();
        millis += 500;
        assertThat(kinds(observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aDivergedOrAbsentOrUnreachableRegionIsNoCandidate() {
        Looks looks = new Looks("phx1")
                .next("aws1", false, true, set("phx1:1-50"))
                .report("aws2", 2, 0, "phx1:1-51", WriteState.STANDBY)
                .report("phx1", 2, 1, "phx1:1-50", WriteState.UNREACHABLE);
        assertThat(Candidates.choose(looks.cluster())).isEmpty();
        looks.report("phx1", 2, 1, "phx1:1-50", WriteState.STANDBY);
        assertThat(Candidates.choose(looks.cluster())).contains("phx1");
        looks.absent("phx1");
        assertThat(Candidates.choose(looks.cluster())).isEmpty();
    }

    @Test
    void theUnionIsFrozenOfAllThatArePresentWithinWhatWasDeliverable() {
        region = "aws2";
        Looks looks = new Looks("phx1").next("aws1", false, true, null);
        looks.report("aws1", 2, 0, "phx1:1-5,aws1:1", WriteState.STANDBY);
        looks.report("aws2", 2, 0, "phx1:1-4:6", WriteState.STANDBY);
        assertThat(kinds(observe(looks.cluster())))
                .as("phx1 is present and has not published")
                .isEmpty();
        looks.absent("phx1");
        Freeze freeze = (Freeze) observe(looks.cluster()).actions().get(0);
        assertThat(freeze.plan().union()).as("aws1:1 is a stray").isEqualTo(set("phx1:1-6"));
        assertThat(freeze.planVersion()).isEqualTo(-1);
    }
}

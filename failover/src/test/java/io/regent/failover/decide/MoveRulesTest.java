package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static io.regent.failover.decide.Turns.blocked;
import static io.regent.failover.decide.Turns.kinds;
import static io.regent.failover.decide.Turns.nextBeat;
import static io.regent.failover.decide.Turns.prepared;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.EndBlockers;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.Blocker;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a holder closes for a move, what it hands over, and who hurries meanwhile. */
class MoveRulesTest {
    private static final Blocker LONG = new Blocker(12, "session 12 of app", false);

    private final Turns turns = new Turns("phx1");

    /** A move to aws1, which has executed this. */
    private static Looks ordered(String executed) {
        return new Looks("phx1")
                .report("aws1", 1, 0, executed, WriteState.STANDBY)
                .plan(moveTo("aws1", 1));
    }

    /** phx1 with nothing else to do. */
    private LocalState open(Looks looks) {
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        turns.reported(looks, open);
        turns.renewed(looks);
        return open;
    }

    @Test
    void whileClosingStandsNobodyRenewsAndEvidenceFromBeforeCountsForNothing() {
        Looks looks = ordered("phx1:1-9");
        LocalState open = open(looks);
        Decision announcing = turns.decide(looks.cluster(), nextBeat(open));
        ChangeMaster change = (ChangeMaster) announcing.actions().get(0);
        assertThat(change.to().closing()).isEqualTo("move-1");
        looks.master(change.to());

        turns.memory(turns.memory().withClosed(new Memory.Closed(-1, "", set("phx1:1-5"), true)));
        LocalState sealed = looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1);
        turns.pass(600);
        Decision closing = turns.decide(looks.cluster(), nextBeat(sealed));
        assertThat(closing.actions())
                .containsExactly(Close.announced(looks.cluster().master(), false));
        turns.done(closing);

        ChangeMaster handOver =
                (ChangeMaster) turns.decide(looks.cluster(), sealed).actions().get(0);
        assertThat(handOver.from()).isEqualTo(looks.cluster().master());
        assertThat(handOver.to().epoch()).isEqualTo(2);
        assertThat(handOver.to().region()).isEqualTo("aws1");
        assertThat(handOver.to().priorReleased()).isTrue();
        assertThat(handOver.to().cut()).isEqualTo(set("phx1:1-9"));
        assertThat(handOver.checks()).as("not called off").containsExactly(new Check(Check.Kind.PLAN, "move-1", 0));
    }

    @Test
    void evidenceForAClosingThatZooKeeperForgotCountsForNothingThoughTheNewOneHasItsNumber() {
        Looks looks = ordered("phx1:1-9");
        open(looks);
        Master master = looks.cluster().master().value();
        looks.master(master.withClosing("move-1", "before it was set back"));
        LocalState sealed = looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1);
        turns.done(turns.decide(looks.cluster(), sealed));
        Looks after = ordered("phx1:1-9").master(master.withClosing("move-1", "afterwards"));
        assertThat(after.cluster().master().version())
                .isEqualTo(looks.cluster().master().version());
        assertThat(turns.decide(after.cluster(), sealed).actions())
                .as("it opened and wrote in between")
                .containsExactly(Close.announced(after.cluster().master(), false));
        assertThat(kinds(turns.decide(looks.cluster(), sealed))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aMoveWaitsWhilePreparedTransactionsAreLeftAndSaysSo() {
        Looks looks = ordered("phx1:1-9");
        LocalState open = open(looks);
        Decision waiting = turns.decide(looks.cluster(), prepared(open));
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.reason()).contains("A move waits", "XA RECOVER");
        assertThat(kinds(turns.decide(looks.cluster(), open))).containsExactly(ChangeMaster.class);
    }

    @Test
    void aTargetThatDivergedIsNeitherClosedForNorHandedTheMastership() {
        Looks looks = ordered("phx1:1-9,aws1:1");
        LocalState open = open(looks);
        assertThat(turns.decide(looks.cluster(), open).actions())
                .as("its strays would be history in its epoch, wherever they have come to")
                .isEmpty();

        looks.master(looks.cluster().master().value().withClosing("move-1", "c"));
        turns.memory(turns.memory()
                .withClosed(new Memory.Closed(looks.cluster().master().version(), "c", set("phx1:1-9"), true)));
        LocalState sealed = looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1);
        ChangeMaster back =
                (ChangeMaster) turns.decide(looks.cluster(), sealed).actions().get(0);
        assertThat(back.to().epoch()).isEqualTo(1);
        assertThat(back.to().closing()).isNull();
    }

    @Test
    void aMoveBackWaitsWhileTheTargetCouldNotOpenAtOnce() {
        turns.of("aws1");
        Looks looks = new Looks("phx1")
                .next("aws1", true, true, set("phx1:1-9"))
                .report("phx1", 2, 1, "phx1:1-9", WriteState.STANDBY)
                .plan(moveTo("phx1", 2));
        LocalState open = looks.local("aws1", WriteState.OPEN, "phx1:1-9", 2);
        turns.reported(looks, open);
        turns.held(2);
        assertThat(turns.decide(looks.cluster(), open).actions()).isEmpty();
        turns.pass(3_600);
        turns.held(2);
        assertThat(kinds(turns.decide(looks.cluster(), open))).containsExactly(ChangeMaster.class);
    }

    @Test
    void preparedTransactionsAbortTheMove() {
        Looks looks = new Looks("phx1").plan(moveTo("aws1", 1));
        looks.master(looks.master().withClosing("move-1", "test"));
        int version = looks.cluster().master().version();
        turns.memory(turns.memory().withClosed(new Memory.Closed(version, "test", set("phx1:1-9"), false)));
        Decision decision = turns.decide(looks.cluster(), looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1));
        ChangeMaster abort = (ChangeMaster) decision.actions().get(0);
        assertThat(abort.to().closing()).isNull();
        assertThat(abort.to().epoch()).isEqualTo(1);
    }

    @Test
    void aHandBackOfATargetThatNeverExecutedTheCutKeepsTheCut() {
        turns.of("aws1");
        Looks looks = new Looks("phx1")
                .next("aws1", true, true, set("phx1:1-50"))
                .report("phx1", 2, 1, "phx1:1-50", WriteState.UNREACHABLE); // for a moment: it alone may have the rest
        looks.master(looks.master().withClosing("back:phx1", "test"));
        int version = looks.cluster().master().version();
        turns.memory(turns.memory().withClosed(new Memory.Closed(version, "test", set("phx1:1-30,aws1:1"), true)));
        Decision decision =
                turns.decide(looks.cluster(), looks.local("aws1", WriteState.SEALED, "phx1:1-30,aws1:1", 0));
        Master back = ((ChangeMaster) decision.actions().get(0)).to();
        assertThat(back.region()).isEqualTo("phx1");
        assertThat(back.cut()).as("all of it, and no stray of its own").isEqualTo(set("phx1:1-50"));
    }

    @Test
    void aHandBackToARegionThatHasDivergedIsARelease() {
        turns.of("aws1");
        Looks looks = new Looks("phx1")
                .next("aws1", true, true, set("phx1:1-50"))
                .report("phx1", 2, 1, "phx1:1-51", WriteState.STANDBY);
        looks.master(looks.master().withClosing("back:phx1", "test"));
        int version = looks.cluster().master().version();
        turns.memory(turns.memory().withClosed(new Memory.Closed(version, "test", set("phx1:1-50"), true)));
        Decision decision = turns.decide(looks.cluster(), looks.local("aws1", WriteState.SEALED, "phx1:1-50", 0));
        Master next = ((ChangeMaster) decision.actions().get(0)).to();
        assertThat(next.released()).isTrue();
        assertThat(next.epoch()).isEqualTo(2);
    }

    @Test
    void aMoveWaitsForATargetThatHoldsNothingOfTheLastThreeHundredMilliseconds() {
        Looks looks = new Looks("phx1").plan(moveTo("aws1", 1));
        assertThat(asHolder(looks, "phx1:1-9").actions()).as("no report").isEmpty();
        looks.report("aws1", 1, 0, "phx1:1-8", WriteState.STANDBY);
        assertThat(asHolder(looks, "phx1:1-9").actions())
                .as("one transaction, of nobody knows when")
                .isEmpty();
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.pass(300);
        assertThat(asHolder(looks, "phx1:1-10").actions())
                .as("one transaction, but of long ago")
                .isEmpty();
    }

    @Test
    void aMoveClosesWhenItsTargetHoldsWhatWasThereAMomentAgo() {
        Looks looks = new Looks("phx1").plan(moveTo("aws1", 1));
        assertThat(asHolder(looks, "phx1:1-9").actions()).isEmpty();
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.pass(99);
        turns.see(looks.cluster(), looks.local("phx1", WriteState.OPEN, "phx1:1-300", 1));
        turns.pass(200);
        assertThat(announced(asHolder(looks, "phx1:1-900")))
                .as("however long ago that report came")
                .isEqualTo("move-1");
    }

    @Test
    void aMoveWaitsForATargetThatWasAHundredMillisecondsBehindWhenItReported() {
        Looks looks = new Looks("phx1").plan(moveTo("aws1", 1));
        assertThat(asHolder(looks, "phx1:1-9").actions()).isEmpty();
        looks.report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.pass(101);
        assertThat(asHolder(looks, "phx1:1-900").actions()).isEmpty();
        looks.report("aws1", 1, 0, "phx1:1-900", WriteState.STANDBY);
        turns.pass(99);
        assertThat(announced(asHolder(looks, "phx1:1-1800"))).isEqualTo("move-1");
    }

    @Test
    void aMoveClosesAtOnceWhenItsTargetLacksNothing() {
        Looks looks = new Looks("phx1").plan(moveTo("aws1", 1)).report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(announced(asHolder(looks, "phx1:1-9"))).isEqualTo("move-1");
        turns.jump(1_000);
        assertThat(announced(asHolder(looks, "phx1:1-9")))
                .as("however old the clocks make what it holds")
                .isEqualTo("move-1");
    }

    @Test
    void theLongerAMoveIsOrderedTheFurtherBehindItsTargetMayBe() {
        Looks looks = new Looks("phx1").plan(moveTo("aws1", 1)).report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        turns.see(looks.cluster(), looks.local("phx1", WriteState.OPEN, "phx1:1-12", 1));
        turns.pass(9_000);
        assertThat(asHolder(looks, "phx1:1-900").actions()).isEmpty();
        looks.report("aws1", 1, 0, "phx1:1-900", WriteState.STANDBY);
        turns.pass(950);
        assertThat(announced(asHolder(looks, "phx1:1-990")))
                .as("a tenth of the time")
                .isEqualTo("move-1");
    }

    @Test
    void aMoveDoesNotWaitForWhatCanTravelNowhere() {
        Looks looks = new Looks("phx1").plan(moveTo("aws1", 1)).report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY);
        assertThat(announced(asHolder(looks, "phx1:1-9,aws2:77"))).isEqualTo("move-1");
    }

    @Test
    void aMoveWaitsForATargetThatIsAbsentOrReportsOfAnotherEpoch() {
        Looks looks = new Looks("aws1")
                .next("phx1", true, true, set(""))
                .plan(moveTo("aws1", 2))
                .report("aws1", 1, 1, "phx1:1-9", WriteState.STANDBY);
        assertThat(asHolder(looks, "phx1:1-9").actions()).as("epoch 1").isEmpty();
        looks.report("aws1", 2, 1, "phx1:1-9", WriteState.STANDBY).absent("aws1");
        assertThat(asHolder(looks, "phx1:1-9").actions()).as("absent").isEmpty();
    }

    @Test
    void theTargetOfAMoveReportsItsProgressFiveTimesAPeriodAndAllOthersOnce() {
        assertThat(untilProgressIsReported("aws1", new Looks("phx1").plan(moveTo("aws1", 1))))
                .isEqualTo(100);
        assertThat(untilProgressIsReported("aws1", new Looks("phx1"))).isEqualTo(500);
        assertThat(untilProgressIsReported("aws1", new Looks("phx1").plan(moveTo("phx1", 1))))
                .isEqualTo(500);
        assertThat(untilProgressIsReported("aws2", new Looks("phx1").plan(moveTo("aws1", 1))))
                .isEqualTo(500);
        assertThat(untilProgressIsReported("phx1", new Looks("phx1").plan(moveTo("aws1", 1))))
                .isEqualTo(500);
    }

    @Test
    void bothEndsOfAMoveLookTenTimesAPeriodAndAllOthersTwice() {
        Duration hurried = Duration.ofMillis(50);
        Duration calm = Duration.ofMillis(250);
        assertThat(wake("phx1", new Looks("phx1").plan(moveTo("aws1", 1)))).isEqualTo(hurried);
        assertThat(wake("aws1", new Looks("phx1").plan(moveTo("aws1", 1)))).isEqualTo(hurried);
        assertThat(wake("aws2", new Looks("phx1").plan(moveTo("aws1", 1)))).isEqualTo(calm);
        for (String region : List.of("phx1", "aws1", "aws2")) {
            assertThat(wake(region, new Looks("phx1").plan(moveTo("phx1", 1))))
                    .as("%s, to where the mastership is", region)
                    .isEqualTo(calm);
        }
    }

    @Test
    void aMoveWaitsForLongTransactionsAndClosesWhenTheyHaveEnded() {
        Looks looks = draining(new Drain(Duration.ofSeconds(10), false));
        LocalState open = open(looks);
        Decision waiting = turns.decide(looks.cluster(), blocked(open, LONG));
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.reason()).contains("A move waits for session 12");
        assertThat(announced(turns.decide(looks.cluster(), open))).isEqualTo("move-1");
    }

    @Test
    void aMoveThatMayNotKillIsCalledOffWhenItsPatienceIsOverAndNothingWasClosed() {
        Looks looks = draining(new Drain(Duration.ofSeconds(10), false));
        LocalState open = open(looks);
        turns.decide(looks.cluster(), blocked(open, LONG));
        turns.pass(9_500);
        turns.held(1);
        turns.done(turns.decide(looks.cluster(), blocked(open, LONG))); // nobody wrote: commits are probed
        assertThat(turns.decide(looks.cluster(), blocked(open, LONG)).actions()).isEmpty();
        turns.pass(600);
        turns.held(1);
        Decision off = turns.decide(looks.cluster(), blocked(open, LONG));
        Znode<Plan> order = Objects.requireNonNull(looks.cluster().plans().get("move-1"));
        assertThat(off.actions())
                .containsExactly(new WritePlan(
                        looks.cluster().master().version(), order.value().calledOff(), order.version()));
        assertThat(off.reason()).contains("session 12");
    }

    @Test
    void aMoveThatMayKillEndsWhatHoldsItUpAndClosesOnlyWhenThatIsRolledBack() {
        Looks looks = draining(new Drain(Duration.ZERO, true));
        LocalState open = open(looks);
        Blocker ending = new Blocker(13, "session 13, rolling back", true);
        assertThat(turns.decide(looks.cluster(), blocked(open, LONG, ending)).actions())
                .containsExactly(new EndBlockers(List.of(12L)));
        assertThat(turns.decide(looks.cluster(), blocked(open, ending)).actions())
                .as("others write on while it is rolled back")
                .isEmpty();
        assertThat(announced(turns.decide(looks.cluster(), open))).isEqualTo("move-1");
    }

    @Test
    void clientsAreRegardedOnlyByTheMasterBeforeItClosesAndOnlyForAMoveThatWantsIt() {
        Looks looks = draining(new Drain(Duration.ZERO, true));
        assertThat(Draining.isWatchedBy("phx1", looks.cluster())).isTrue();
        assertThat(Draining.isWatchedBy("aws1", looks.cluster())).isFalse();
        looks.master(looks.cluster().master().value().withClosing("move-1", "c"));
        assertThat(Draining.isWatchedBy("phx1", looks.cluster())).isFalse();
        assertThat(Draining.isWatchedBy("phx1", ordered("phx1:1-9").cluster())).isFalse();
    }

    /** A move to aws1, which has everything, that regards clients. */
    private static Looks draining(Drain drain) {
        return new Looks("phx1")
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
                .plan(new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false, null, drain));
    }

    private static Plan moveTo(String region, long epoch) {
        return new Plan("move-1", Plan.Kind.MOVE, epoch, region, null, false);
    }

    /** What phx1 decides while it is open, with nothing else to do. */
    private Decision asHolder(Looks looks, String executed) {
        long epoch = looks.master().epoch();
        turns.held(epoch);
        LocalState open = turns.reported(looks, looks.local("phx1", WriteState.OPEN, executed, epoch));
        return turns.decide(looks.cluster(), open);
    }

    private static @Nullable String announced(Decision decision) {
        return ((ChangeMaster) decision.actions().get(0)).to().closing();
    }

    /** Lets a region execute something right after it reported; how many milliseconds later it reports again. */
    private static long untilProgressIsReported(String region, Looks looks) {
        Turns its = settled(region, looks);
        LocalState further = local(region, looks, "phx1:1-9");
        long start = its.at().monotonic();
        while (!kinds(its.decide(looks.cluster(), further)).contains(Publish.class)) {
            its.pass(10);
            assertThat(its.at().monotonic()).isLessThan(start + 2_000);
        }
        return its.at().monotonic() - start;
    }

    private static Duration wake(String region, Looks looks) {
        Decision decision = settled(region, looks).decide(looks.cluster(), local(region, looks, "phx1:1-5"));
        assertThat(decision.actions()).isEmpty();
        return decision.wake();
    }

    /** A region that has done all that there is to do. */
    private static Turns settled(String region, Looks looks) {
        Turns its = new Turns(region);
        its.held(1);
        LocalState local = its.reported(looks, local(region, looks, "phx1:1-5"));
        its.done(its.decide(looks.cluster(), local));
        return its;
    }

    private static LocalState local(String region, Looks looks, String executed) {
        boolean holder = looks.master().names(region);
        return looks.local(region, holder ? WriteState.OPEN : WriteState.STANDBY, executed, holder ? 1 : 0);
    }
}

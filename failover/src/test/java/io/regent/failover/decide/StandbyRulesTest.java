package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static io.regent.failover.Looks.uuid;
import static io.regent.failover.decide.Turns.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.EndLinks;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.action.ZookeeperAction.Withdraw;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.Gtid;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a region does that is not open: know what /master is, record, report, run links. */
class StandbyRulesTest {
    private final Turns turns = new Turns("phx1");

    @Test
    void anAttemptWithoutAnswerIsReadBackBeforeAnythingElse() {
        Looks looks = new Looks("phx1");
        LocalState sealed = looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1);
        turns.memory(turns.memory().withUnsure(true));
        Decision decision = turns.decide(looks.cluster(), sealed);
        assertThat(kinds(decision)).containsExactly(ReadBack.class);
        turns.remember(decision.actions().get(0), Outcome.UNKNOWN);
        assertThat(kinds(turns.decide(looks.cluster(), sealed))).containsExactly(ReadBack.class);
        turns.remember(decision.actions().get(0), Outcome.DONE);
        assertThat(kinds(turns.decide(looks.cluster(), sealed))).containsExactly(Standby.class);
    }

    @Test
    void aZooKeeperThatKnowsLessThanTheServerIsRefused() {
        Looks looks = new Looks("phx1");
        LocalState ahead = looks.local("phx1", WriteState.STANDBY, "", new Recorded(5, "aws1", set(""), 0, 0));
        Decision decision = turns.decide(looks.cluster(), ahead);
        assertThat(kinds(decision)).containsExactly(Withdraw.class);
        assertThat(decision.reason()).contains("refuses", "epoch 5, where ZooKeeper says 1");
        Withdraw withdraw = (Withdraw) decision.actions().get(0);
        assertThat(withdraw.from()).isEqualTo(looks.cluster().master());
        assertThat(withdraw.epoch()).isEqualTo(5);
        turns.remember(withdraw, Outcome.UNKNOWN);
        assertThat(kinds(turns.decide(looks.cluster(), ahead)))
                .as("the look may only have been old")
                .containsExactly(ReadBack.class);
    }

    @Test
    void anUnknownServerOrAStandByTakesNobodysWordBack() {
        Looks looks = new Looks("phx1");
        Recorded newer = new Recorded(5, "aws1", set(""), 0, 0);
        LocalState foreign = looks.local("aws2", WriteState.STANDBY, "", newer);
        assertThat(turns.decide(looks.cluster(), foreign).actions())
                .as("its uuid is aws2's")
                .isEmpty();
        turns.duty(new Duty(false, false, 0));
        LocalState ahead = looks.local("phx1", WriteState.STANDBY, "", newer);
        assertThat(turns.decide(looks.cluster(), ahead).actions()).isEmpty();
    }

    @Test
    void linksOfAnEarlierIncarnationAreStartedAnew() {
        turns.of("aws1");
        Looks looks = new Looks("phx1");
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", 0);
        turns.reported(looks, local);
        turns.done(turns.decide(looks.cluster(), local));
        assertThat(kinds(turns.decide(looks.cluster(), local))).isEmpty();
        turns.duty(new Duty(true, false, 8));
        assertThat(kinds(turns.decide(looks.cluster(), local)))
                .containsExactly(RaiseGuards.class, StopLinks.class, RunLinks.class);
    }

    @Test
    void linksAreStartedAnewOnceATransactionIsSkippedAndNotAgain() {
        turns.of("aws1");
        Looks looks = new Looks("phx1");
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", 0);
        turns.reported(looks, local);
        turns.done(turns.decide(looks.cluster(), local));
        assertThat(kinds(turns.decide(looks.cluster(), local))).isEmpty();
        looks.skip("phx1:6");
        Decision anew = turns.decide(looks.cluster(), local);
        assertThat(kinds(anew)).containsExactly(RaiseGuards.class, StopLinks.class, RunLinks.class);
        assertThat(((RunLinks) anew.actions().get(2)).deliverable().isSkipped(Gtid.of(uuid("phx1"), 6)))
                .isTrue();
        turns.done(anew);
        assertThat(kinds(turns.decide(looks.cluster(), local))).isEmpty();
    }

    @Test
    void linksThatRunEndWhileARegionThatWasJustNamedRenews() {
        turns.of("aws1");
        Looks looks = new Looks("phx1");
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-9", 0);
        turns.reported(looks, local);
        turns.done(turns.decide(looks.cluster(), local));
        Looks named = looks.next("aws1", true, true, set("phx1:1-9"));
        Decision both = turns.decide(named.cluster(), local);
        assertThat(kinds(both))
                .containsExactly(
                        EndLinks.class,
                        Ask.class,
                        Renew.class,
                        Grant.class,
                        RaiseGuards.class,
                        StopLinks.class,
                        RecordEpoch.class);
        assertThat(both.goesOnAtOnce()).isTrue();
        turns.remember(both.actions().get(0), Outcome.DONE);
        turns.remember(both.actions().get(1), Outcome.refused("no beat"));
        assertThat(kinds(turns.decide(named.cluster(), local)))
                .as("they were told, and are not told again")
                .containsExactly(RaiseGuards.class, StopLinks.class, RecordEpoch.class);
    }

    @Test
    void aRegionThatAHandOverDoesNotWaitForLetsTheNamedOneOpenFirst() {
        turns.of("aws2");
        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-9"));
        assertRests(looks);
        looks.report("aws1", 2, 1, "phx1:1-9", WriteState.STANDBY);
        assertRests(looks);
        looks.report("aws1", 2, 2, "phx1:1-9", WriteState.OPEN);
        assertThat(kinds(inTheEpochBefore("aws2", looks))).contains(RecordEpoch.class);
    }

    @Test
    void aNamedRegionThatLivesInTheEpochBeforeIsWaitedForLongerForItsLinksMayBringTheRest() {
        turns.of("aws2");
        turns.see(new Looks("phx1").cluster(), OwnServer.UNREACHABLE);
        turns.pass(10_000);
        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-9"));
        assertRests(looks);
        turns.pass(2_999);
        assertRests(looks);
        turns.pass(1);
        assertThat(kinds(inTheEpochBefore("aws2", looks))).contains(RecordEpoch.class);
    }

    @Test
    void aNamedRegionThatDoesNotOpenIsWaitedForHalfASecondFromTheFirstSightOfItsEpoch() {
        turns.of("aws2");
        turns.see(new Looks("phx1").cluster(), OwnServer.UNREACHABLE);
        turns.pass(10_000);
        Looks looks = new Looks("phx1")
                .next("aws1", true, true, set("phx1:1-9"))
                .report("aws1", 2, 0, "phx1:1-9", WriteState.STANDBY);
        assertRests(looks);
        turns.pass(499);
        assertRests(looks);
        turns.pass(1);
        assertThat(kinds(inTheEpochBefore("aws2", looks))).contains(RecordEpoch.class);
    }

    @Test
    void theEpochOfAFailoverOrWithoutACutIsRecordedAtOnce() {
        turns.of("aws2");
        Looks failover = new Looks("phx1").next("aws1", false, true, set("phx1:1-9"));
        assertThat(kinds(inTheEpochBefore("aws2", failover))).contains(RecordEpoch.class);
        Looks withoutCut = new Looks("phx1").next("aws1", true, true, null);
        assertThat(kinds(inTheEpochBefore("aws2", withoutCut))).contains(RecordEpoch.class);
    }

    @Test
    void theRegionThatWasHandedTheEpochRecordsItAtOnce() {
        turns.of("aws1");
        turns.asked(2);
        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-9"));
        assertThat(kinds(inTheEpochBefore("aws1", looks))).contains(RecordEpoch.class);
    }

    @Test
    void theFormerHolderStaysSealedUntilTheNewOneIsOpenOrTakesTooLong() {
        turns.of("phx1");
        Looks looks = new Looks("phx1").next("aws1", true, true, set("phx1:1-9"));
        Recorded before = new Recorded(1, "phx1", set(""), 1, 0);
        LocalState sealed = looks.local("phx1", WriteState.SEALED, "phx1:1-9", before);
        assertThat(turns.decide(looks.cluster(), sealed).reason())
                .isEqualTo("lets the region that was handed the epoch open first");
        turns.pass(2_999);
        assertThat(turns.decide(looks.cluster(), sealed).actions()).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.decide(looks.cluster(), sealed))).containsExactly(Standby.class);

        Looks open = new Looks("phx1")
                .next("aws1", true, true, set("phx1:1-9"))
                .report("aws1", 2, 2, "phx1:1-9", WriteState.OPEN);
        turns.of("phx1");
        assertThat(kinds(turns.decide(open.cluster(), sealed))).containsExactly(Standby.class);
    }

    private void assertRests(Looks looks) {
        Decision decision = inTheEpochBefore("aws2", looks);
        assertThat(decision.actions()).isEmpty();
        assertThat(decision.reason()).isEqualTo("lets the region that was handed the epoch open first");
    }

    private Decision inTheEpochBefore(String region, Looks looks) {
        Recorded before = new Recorded(1, "phx1", set(""), 0, 0);
        return turns.decide(looks.cluster(), looks.local(region, WriteState.STANDBY, "phx1:1-9", before));
    }

    @Test
    void aServerOfAnotherRegionOrOfNobodyStaysSealedAndIsNotFit() {
        turns.of("aws1");
        for (UUID uuid : List.of(Looks.uuid("aws2"), new UUID(0, 99))) {
            Looks looks = new Looks("phx1");
            LocalState foreign = withUuid(looks.local("aws1", WriteState.SEALED, "phx1:1-5", 0), uuid);
            Decision told = turns.decide(looks.cluster(), foreign);
            assertThat(told.actions()).singleElement().isInstanceOfSatisfying(Publish.class, publish -> {
                assertThat(publish.report().forgotten()).contains("the server uuid of its region", uuid.toString());
                looks.report("aws1", publish.report());
            });
            Decision after = turns.decide(looks.cluster(), foreign);
            assertThat(after.actions()).isEmpty();
            assertThat(after.reason()).contains("dbctl region rejoin aws1 --new-uuid");
            assertThat(Candidates.isFit(looks.cluster(), looks.cluster().region("aws1")))
                    .isFalse();
        }
    }

    @Test
    void aServerWhoseUuidWasRetiredFollowsAndIsNotFit() {
        turns.of("aws1");
        Looks looks = new Looks("phx1").newUuid("aws1", new UUID(0, 7));
        LocalState sealed = looks.local("aws1", WriteState.SEALED, "phx1:1-5", 0);
        turns.see(looks.cluster(), sealed);
        turns.pass(3_000);
        assertThat(kinds(turns.decide(looks.cluster(), sealed))).containsExactly(Standby.class);
        LocalState standby = looks.local("aws1", WriteState.STANDBY, "phx1:1-5", 0);
        Decision told = turns.decide(looks.cluster(), standby);
        assertThat(told.actions())
                .singleElement()
                .isInstanceOfSatisfying(
                        Publish.class,
                        publish -> assertThat(publish.report().forgotten()).contains("the server uuid of its region"));
    }

    private static LocalState withUuid(LocalState local, UUID uuid) {
        return new LocalState(
                local.state(),
                local.preparedXa(),
                local.offline(),
                uuid,
                local.executed(),
                local.recorded(),
                local.leases(),
                local.beat(),
                local.asks());
    }
}

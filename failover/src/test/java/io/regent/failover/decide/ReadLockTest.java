package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static io.regent.failover.decide.Turns.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.diagnosis.Diagnosis;
import io.regent.failover.model.Failure;
import io.regent.failover.model.HoldOff;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LocalState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client has the global read lock at the master: FLUSH TABLES WITH READ LOCK, a backup mostly. */
class ReadLockTest {
    private static final int CLOSED = 5_200;
    private static final Timing TIMING = Timing.standard();

    private final Turns turns = new Turns("phx1");

    private static Looks looks() {
        return new Looks("phx1")
                .lease("phx1", Phase.OPEN)
                .report("phx1", 1, 1, "phx1:1-9", WriteState.OPEN)
                .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
                .report("aws2", 1, 0, "phx1:1-9", WriteState.STANDBY);
    }

    private static Report reported(WriteState state, boolean locked) {
        return new Report(1, 1, set("phx1:1-9"), state, 0, "", locked);
    }

    private static LocalState locked(Looks looks, WriteState state) {
        return looks.local("phx1", state, "phx1:1-9", 1).withReadLock(true);
    }

    @Test
    void theMasterIsClosedBeforeItsLeaseEndsAndTheClientKept() {
        Looks looks = looks();
        turns.held(1);
        LocalState open = locked(looks, WriteState.OPEN);
        turns.pass(1_499);
        assertThat(kinds(turns.decide(looks.cluster(), Turns.nextBeat(open).withReadLock(true))))
                .as("there is time for an ask")
                .contains(Ask.class);
        turns.pass(1);
        assertThat(turns.decide(looks.cluster(), open).actions()).containsExactly(Close.underReadLock());
    }

    @Test
    void withoutALookAtZooKeeperOrInAClosingThatIsAnnouncedItIsClosedAsEver() {
        Looks looks = looks();
        turns.held(1);
        turns.pass(3_000);
        assertThat(turns.decide(null, locked(looks, WriteState.OPEN)).actions())
                .containsExactly(Close.unannounced(true));
        looks.master(looks.master().withClosing("release:stalled", "test"));
        assertThat(turns.decide(looks.cluster(), locked(looks, WriteState.OPEN)).actions())
                .containsExactly(Close.announced(looks.cluster().master(), true));
    }

    @Test
    void aMasterOfAnEarlierEpochIsClosedAsEver() {
        Looks looks = looks();
        LocalState open = locked(looks, WriteState.OPEN);
        turns.held(1);
        looks.next("aws1", false, true, set("phx1:1-9"));
        assertThat(turns.decide(looks.cluster(), open).actions()).containsExactly(Close.unannounced(true));
    }

    @Test
    void itIsSaidOnceAndAClosedOneWaitsForTheLockToGo() {
        Looks looks = looks();
        LocalState shut = locked(looks, WriteState.SEALED);
        Decision says = turns.decide(looks.cluster(), shut);
        assertThat(says.actions()).containsExactly(new Publish("phx1", reported(WriteState.SEALED, true), 0));
        looks.report("phx1", reported(WriteState.SEALED, true));
        Decision waits = turns.decide(looks.cluster(), shut);
        assertThat(waits.actions()).isEmpty();
        assertThat(waits.reason()).contains("global read lock");
        assertThat(kinds(turns.decide(looks.cluster(), shut.withReadLock(false))))
                .containsExactly(Standby.class);
    }

    /** Else what no link has brought would be left out of the cut, though it stands in a server that can be asked. */
    @Test
    void theClientIsThrownOutOnceAnotherRegionIsNamed() {
        Looks looks = looks().report("phx1", reported(WriteState.SEALED, false));
        LocalState shut = locked(looks, WriteState.SEALED);
        looks.next("aws1", false, true, null);
        assertThat(turns.decide(looks.cluster(), shut).actions()).containsExactly(Close.unannounced(true));
        assertThat(kinds(turns.decide(looks.cluster(), shut.withReadLock(false))))
                .containsExactly(Standby.class);
        looks.master(looks.master().withCut(set("phx1:1-9"), "test"));
        assertThat(turns.decide(looks.cluster(), shut).actions())
                .as("nothing more can be saved by that")
                .isEmpty();
    }

    @Test
    void itIsNotSaidWhileItIsOpenNorByARegionThatIsNotTheMasterAnyMore() {
        Looks looks = looks();
        turns.held(1);
        assertThat(turns.decide(looks.cluster(), locked(looks, WriteState.OPEN)).actions())
                .noneMatch(Publish.class::isInstance);
        LocalState shut = locked(looks, WriteState.SEALED);
        looks.next("aws1", false, true, null);
        assertThat(turns.decide(looks.cluster(), shut).actions())
                .filteredOn(Publish.class::isInstance)
                .noneMatch(said -> ((Publish) said).report().readLocked());
    }

    /** Else others, who see a silence of minutes, would take over in the moment in which it opens again. */
    @Test
    void itIsSaidUntilItHadTimeToOpenAgain() {
        Looks looks = looks().report("phx1", reported(WriteState.STANDBY, true));
        LocalState free = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1);
        turns.asked(1); // and the dead-man does not beat
        assertThat(turns.decide(looks.cluster(), free).actions()).noneMatch(Publish.class::isInstance);
        turns.pass(CLOSED - 1);
        assertThat(turns.decide(looks.cluster(), free).actions()).noneMatch(Publish.class::isInstance);
        turns.pass(1);
        assertThat(turns.decide(looks.cluster(), free).actions())
                .contains(new Publish("phx1", reported(WriteState.STANDBY, false), 1));
    }

    @Test
    void aRegionThatDidNotOpenInItsEpochSaysNothingOfIt() {
        Looks looks = looks();
        LocalState other =
                looks.local("aws1", WriteState.STANDBY, "phx1:1-9", 0).withReadLock(true);
        turns.of("aws1");
        assertThat(turns.decide(looks.cluster(), other).actions()).noneMatch(Publish.class::isInstance);
    }

    @Test
    void theTimeUnderALockIsNotHeldAgainstARegionThatDoesNotOpen() {
        Looks looks = looks().report("phx1", reported(WriteState.SEALED, true));
        long stuck = TIMING.patience().stuck().toMillis();
        LocalState shut = locked(looks, WriteState.SEALED);
        turns.decide(looks.cluster(), shut);
        turns.pass(10 * stuck);
        assertThat(turns.decide(looks.cluster(), shut).actions()).isEmpty();
        LocalState free = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1);
        turns.remember(turns.decide(looks.cluster(), free), Outcome.refused("no"));
        turns.pass(stuck - 1);
        assertThat(kinds(turns.decide(looks.cluster(), free))).doesNotContain(ChangeMaster.class);
        turns.asked(1);
        turns.pass(1);
        assertThat(kinds(turns.decide(looks.cluster(), free))).contains(ChangeMaster.class);
    }

    private Decision silent(Looks looks, int millis) {
        turns.of("aws2");
        turns.observe(looks.cluster());
        turns.pass(millis);
        return turns.observe(looks.cluster());
    }

    @Test
    void othersWaitForItForAsLongAsABackupIsGiven() {
        Looks looks = looks().reach("aws1", "phx1").reach("aws2", "phx1");
        looks.report("phx1", reported(WriteState.SEALED, true));
        Decision waits = silent(looks, CLOSED);
        assertThat(waits.actions()).isEmpty();
        assertThat(waits.reason()).contains("(MasterStalled)", "global read lock", "another 600 s");
        turns.pass(599_999);
        assertThat(turns.observe(looks.cluster()).actions()).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void operatorsSayHowLongThatIs() {
        HoldOff two = HoldOff.STANDARD.with(Failure.MASTER_STALLED, Duration.ofSeconds(2));
        Looks looks = looks().policy(Policy.NONE.withHoldOff(two));
        looks.report("phx1", reported(WriteState.SEALED, true));
        assertThat(silent(looks, CLOSED + 1_999).actions()).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.observe(looks.cluster()))).containsExactly(ChangeMaster.class);
    }

    @Test
    void whoseCoordinatorOrMySqlIsGoneSaysNothingAnyMore() {
        Looks looks = looks().reach("aws1", "phx1").reach("aws2", "phx1");
        looks.report("phx1", reported(WriteState.SEALED, true)).absent("phx1");
        assertThat(kinds(silent(looks, CLOSED))).containsExactly(ChangeMaster.class);
        looks = looks().reach("aws1").reach("aws2");
        looks.report("phx1", reported(WriteState.UNREACHABLE, true));
        assertThat(Testimony.isReadLocked(looks.cluster().region("phx1"))).isFalse();
    }

    @Test
    void itIsNamed() {
        Looks looks = looks().report("phx1", reported(WriteState.SEALED, true));
        for (boolean silent : List.of(true, false)) {
            assertThat(Diagnosis.of(looks.cluster(), List.of(), silent).get(0).failure())
                    .isEqualTo(Failure.MASTER_STALLED);
        }
        looks.report("phx1", reported(WriteState.OPEN, true));
        assertThat(Diagnosis.of(looks.cluster(), List.of(), false))
                .as("it may be over in a moment")
                .isEmpty();
    }
}

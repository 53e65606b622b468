package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static io.regent.failover.decide.Turns.kinds;
import static io.regent.failover.decide.Turns.nextBeat;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.Halt;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.LeaseRow;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Recorded;
import org.junit.jupiter.api.Test;

/** How a region renews its lease, and what closes it when that ends. */
class LeaseRulesTest {
    private final Turns turns = new Turns("phx1");

    @Test
    void theLeaseRunsFromBeforeTheAskNotFromTheGrant() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        Decision renewal = turns.renewed(looks);
        Moment beforeAsk = turns.at();
        turns.remember(renewal.actions().get(0), Outcome.DONE);
        turns.pass(2_900);
        turns.remember(renewal.actions().get(2), Outcome.DONE);
        assertThat(turns.memory().held())
                .isNotNull()
                .extracting(Memory.Held::since)
                .isEqualTo(beforeAsk);
        assertThat(kinds(turns.decide(null, open))).isEmpty();
        turns.pass(100);
        assertThat(kinds(turns.decide(null, open))).containsExactly(Close.class);
    }

    @Test
    void aJumpOfTheWallClockEndsALease() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        turns.renewed(looks);
        turns.see(looks.cluster(), open);
        turns.pass(1);
        turns.jump(59_999);
        assertThat(kinds(turns.decide(null, open))).containsExactly(Close.class);
    }

    @Test
    void anUnansweredRenewalIsNoRenewal() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        turns.renewed(looks);
        turns.pass(2_000);
        Decision renewal = turns.decide(looks.cluster(), nextBeat(open));
        assertThat(kinds(renewal)).contains(Renew.class);
        turns.remember(renewal.actions().get(0), Outcome.DONE);
        turns.remember(renewal.actions().get(1), Outcome.UNKNOWN);
        turns.pass(1_000);
        assertThat(kinds(turns.decide(null, open))).containsExactly(Close.class);
    }

    @Test
    void withoutANewBeatThereIsNoAsk() {
        Looks looks = new Looks("phx1");
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
        turns.renewed(looks);
        turns.pass(600);
        assertThat(kinds(turns.decide(looks.cluster(), open))).doesNotContain(Ask.class);
        assertThat(kinds(turns.decide(looks.cluster(), nextBeat(open)))).contains(Ask.class);
    }

    @Test
    void theOtherCoordinatorsLiveRowKeepsTheServerOpen() {
        Looks looks = new Looks("phx1");
        Recorded recorded = new Recorded(1, "phx1", set(""), 1, 0);
        LocalState leased = looks.local("phx1", WriteState.OPEN, "phx1:1-9", recorded, new LeaseRow("phx1/2", true));
        LocalState notLeased =
                looks.local("phx1", WriteState.OPEN, "phx1:1-9", recorded, new LeaseRow("phx1/2", false));
        assertThat(kinds(turns.decide(null, leased))).isEmpty();
        assertThat(kinds(turns.decide(null, notLeased))).containsExactly(Close.class);
    }

    @Test
    void aServerThatCannotBeSeenToBeClosedHaltsItsCoordinator() {
        Looks looks = new Looks("phx1");
        turns.renewed(looks);
        turns.see(looks.cluster(), looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1));
        turns.pass(2_999);
        assertThat(kinds(turns.decide(null, OwnServer.UNREACHABLE))).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.decide(null, OwnServer.UNREACHABLE))).containsExactly(Halt.class);
    }

    @Test
    void aRegionNamedAgainClosesAndIsNotRenewedWhileItIsOpenUnderTheOldEpoch() {
        Looks looks = new Looks("phx1").next("aws1", false, true, null).next("phx1", false, false, null);
        Recorded old = new Recorded(1, "phx1", set(""), 1, 0);
        LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", old, new LeaseRow("phx1/2", true));
        assertThat(kinds(turns.decide(looks.cluster(), open))).doesNotContain(Ask.class, Renew.class);
        LocalState unleased = looks.local("phx1", WriteState.OPEN, "phx1:1-9", old, new LeaseRow("phx1/2", false));
        assertThat(kinds(turns.decide(looks.cluster(), unleased))).containsExactly(Close.class);
    }
}

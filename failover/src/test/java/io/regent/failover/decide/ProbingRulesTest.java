package io.regent.failover.decide;

import static io.regent.failover.decide.Turns.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.MysqlAction.Probe;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.model.Policy;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.OwnServer;
import org.junit.jupiter.api.Test;

/** How a master sees that its commits hang, and what it does then. */
class ProbingRulesTest {
    private static final long STUCK = Timing.standard().patience().stuck().toMillis();
    private static final long QUIET = STUCK / 4;
    private static final long AGAIN = 1_000;

    private final Turns turns = new Turns("phx1");
    private final Looks looks = new Looks("phx1")
            .report("aws1", 1, 0, "phx1:1-9", WriteState.STANDBY)
            .report("aws2", 1, 0, "phx1:1-9", WriteState.STANDBY);
    private final LocalState open = looks.local("phx1", WriteState.OPEN, "phx1:1-9", 1);
    private final LocalState wrote = looks.local("phx1", WriteState.OPEN, "phx1:1-10", 1);

    /** The lease is not what is tested here. */
    private Decision next(LocalState local) {
        turns.reported(looks, local);
        turns.held(1);
        return turns.decide(looks.cluster(), local);
    }

    private Decision after(long millis, LocalState local) {
        turns.pass(millis);
        return next(local);
    }

    /** Probes until the region gives up for it, or for so long; what it decides last. */
    private Decision hang(long millis) {
        next(open);
        Decision last = after(QUIET, open);
        for (long waited = 0; waited < millis; waited += AGAIN) {
            assertThat(last.actions()).containsExactly(new Probe(waited == 0));
            turns.done(last);
            last = after(AGAIN, open);
        }
        if (kinds(last).contains(Probe.class)) {
            turns.done(last);
            last = next(open);
        }
        return last;
    }

    @Test
    void aMasterThatIsWrittenToIsNotProbedAndAnIdleOneIs() {
        next(open);
        assertThat(after(QUIET - 1, open).actions()).isEmpty();
        assertThat(after(1, wrote).actions()).as("somebody wrote").isEmpty();
        assertThat(after(QUIET - 1, wrote).actions()).isEmpty();
        assertThat(after(1, wrote).actions()).containsExactly(new Probe(true));
    }

    @Test
    void aProbeThatGotThroughIsFollowedByAnotherOnlyWhenNobodyWrites() {
        next(open);
        turns.done(after(QUIET, open));
        assertThat(after(AGAIN - 1, wrote).actions()).isEmpty();
        assertThat(turns.memory().hanging(turns.at())).isZero();
        assertThat(after(QUIET, wrote).actions()).containsExactly(new Probe(true));
    }

    @Test
    void onlyTheActiveCoordinatorOfAnOpenMasterProbes() {
        turns.duty(new Duty(false, false, 7));
        next(open);
        assertThat(after(QUIET, open).actions()).isEmpty();
        turns.duty(new Duty(true, true, 7));
        LocalState standby = looks.local("aws1", WriteState.STANDBY, "phx1:1-9", 0);
        turns.of("aws1");
        turns.reported(looks, standby);
        turns.see(looks.cluster(), standby);
        turns.pass(QUIET);
        assertThat(kinds(turns.decide(looks.cluster(), standby))).doesNotContain(Probe.class);
    }

    @Test
    void aMasterInWhichNoCommitGetsThroughForSoLongGivesUp() {
        looks.policy(Policy.NONE);
        Decision waiting = hang(STUCK - AGAIN);
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.reason())
                .contains("No commit has got through for 19 s (MasterStalled): after 20 s it gives up");
        turns.pass(AGAIN);
        turns.done(next(open));
        Decision decision = next(open);
        ChangeMaster change = (ChangeMaster) decision.actions().get(0);
        assertThat(change.to().closing()).isEqualTo("release:stalled");
        assertThat(change.checks())
                .as("not paused meanwhile")
                .containsExactly(new Check(
                        Check.Kind.POLICY, "", looks.cluster().policy().version()));

        looks.master(change.to());
        Decision closing = next(open);
        assertThat(closing.actions())
                .containsExactly(Close.announced(looks.cluster().master(), false));
        turns.done(closing);
        ChangeMaster release =
                (ChangeMaster) turns.decide(looks.cluster(), looks.local("phx1", WriteState.SEALED, "phx1:1-9", 1))
                        .actions()
                        .get(0);
        assertThat(release.to().released()).isTrue();
    }

    @Test
    void itDoesNotWhileNobodyElseCouldGoOnOrTheAutomationIsPaused() {
        looks.policy(Policy.NONE.withPaused("cables"));
        assertThat(hang(STUCK).reason()).contains("20 s (MasterStalled): the automation is paused");
        looks.policy(Policy.NONE).absent("aws1").absent("aws2");
        Decision alone = next(open);
        assertThat(alone.actions()).isEmpty();
        assertThat(alone.reason()).contains("no other region is fit to go on");
    }

    @Test
    void aProbeThatFailsOfSomethingElseSaysNothing() {
        next(open);
        Decision probe = after(QUIET, open);
        turns.done(probe);
        turns.pass(STUCK - 1);
        turns.remember(next(open), Outcome.refused("waits for a lock"));
        assertThat(turns.memory().hanging(turns.at())).isZero();
        assertThat(after(QUIET - 1, open).actions()).as("not hurried").isEmpty();
        Decision again = after(1, open);
        assertThat(again.actions()).containsExactly(new Probe(true));
        turns.done(again);
        assertThat(after(STUCK - 1, open).actions()).containsExactly(new Probe(false));
    }

    @Test
    void afterALookThatDidNotFindTheServerTheCountBeginsAnew() {
        next(open);
        turns.done(after(QUIET, open));
        turns.pass(AGAIN);
        turns.see(looks.cluster(), OwnServer.UNREACHABLE);
        assertThat(turns.memory().hanging(turns.at()).toMillis()).isEqualTo(AGAIN);
        assertThat(next(open).actions())
                .as("something may have been committed meanwhile")
                .isEmpty();
        assertThat(turns.memory().hanging(turns.at())).isZero();
        assertThat(after(QUIET, open).actions()).containsExactly(new Probe(true));
    }

    @Test
    void anOpenServerThatLetsNoClientsInIsNotRenewed() {
        LocalState shut = new LocalState(
                open.state(),
                false,
                true,
                open.uuid(),
                open.executed(),
                open.recorded(),
                open.leases(),
                open.beat() + 1,
                open.asks());
        turns.renewed(looks);
        turns.pass(600);
        assertThat(kinds(turns.decide(looks.cluster(), shut))).doesNotContain(Ask.class);
        assertThat(kinds(turns.decide(looks.cluster(), Turns.nextBeat(open)))).contains(Ask.class);
    }
}

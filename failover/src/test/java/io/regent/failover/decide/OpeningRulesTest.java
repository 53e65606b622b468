package io.regent.failover.decide;

import static io.regent.failover.Looks.set;
import static io.regent.failover.decide.Turns.kinds;
import static io.regent.failover.decide.Turns.nextBeat;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.Looks;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Ask;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.MysqlAction.Standby;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.model.Phase;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Recorded;
import org.junit.jupiter.api.Test;

/** What a named region does until it opens, and what keeps it from that. */
class OpeningRulesTest {
    private final Turns turns = new Turns("phx1");

    @Test
    void aNamedRegionRenewsRecordsAndOpensAndThenReports() {
        Looks looks = new Looks("phx1");
        assertThat(kinds(turns.decide(looks.cluster(), looks.local("phx1", WriteState.SEALED, "", Recorded.NOTHING))))
                .containsExactly(Standby.class);

        LocalState fresh = looks.local("phx1", WriteState.STANDBY, "", Recorded.NOTHING);
        Decision recording = turns.decide(looks.cluster(), fresh);
        assertThat(kinds(recording))
                .as("clients wait for it: without a look between")
                .containsExactly(
                        Ask.class, Renew.class, Grant.class, RaiseGuards.class, StopLinks.class, RecordEpoch.class);
        turns.done(recording);

        LocalState local = looks.local("phx1", WriteState.STANDBY, "", 0);
        assertThat(turns.decide(looks.cluster(), local).actions()).containsExactly(new Open(1, "token-2"));
        assertThat(kinds(turns.decide(looks.cluster(), looks.local("phx1", WriteState.OPEN, "", 1))))
                .containsExactly(Publish.class);
    }

    @Test
    void aNamedRegionThatCannotRenewRecordsAllTheSame() {
        Looks looks = new Looks("phx1");
        LocalState fresh = looks.local("phx1", WriteState.STANDBY, "", Recorded.NOTHING);
        Decision both = turns.decide(looks.cluster(), fresh);
        turns.remember(both.actions().get(0), Outcome.refused("no beat"));
        assertThat(kinds(turns.decide(looks.cluster(), fresh)))
                .containsExactly(RaiseGuards.class, StopLinks.class, RecordEpoch.class);
    }

    @Test
    void aRegionThatCannotOpenSoonReportsMeanwhile() {
        Looks looks = new Looks("phx1");
        LocalState local = looks.local("phx1", WriteState.STANDBY, "", 0);
        turns.see(looks.cluster(), local);
        turns.pass(500);
        turns.done(turns.decide(looks.cluster(), local));
        assertThat(kinds(turns.decide(looks.cluster(), local))).containsExactly(Publish.class);
    }

    @Test
    void aDivergedRegionGivesUpInsteadOfOpening() {
        turns.of("aws1");
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-55", 0);
        turns.reported(looks, local);
        turns.done(turns.decide(looks.cluster(), local));
        ChangeMaster change =
                (ChangeMaster) turns.decide(looks.cluster(), local).actions().get(0);
        assertThat(change.to().closing()).isEqualTo("release:diverged");
    }

    @Test
    void anOpenerWaitsFromItsOwnSightOfTheLastRenewalUnlessTheHolderGaveUp() {
        turns.of("aws1");
        Looks looks = new Looks("phx1").next("aws1", false, true, set("phx1:1-50"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-50", 0);
        turns.reported(looks, local);
        settle(looks, local);
        assertThat(turns.decide(looks.cluster(), local).reason())
                .isEqualTo("waits until no earlier holder can be open");
        looks.lease("phx1", Phase.OPEN);
        assertThat(turns.decide(looks.cluster(), local).actions())
                .as("it renewed")
                .isEmpty();
        turns.pass(5_699);
        assertThat(renewedThenDecided(looks, local).actions()).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.decide(looks.cluster(), local))).containsExactly(Open.class);
    }

    @Test
    void aServerThatIsNotTheRegionsDoesNotOpen() {
        turns.of("aws1");
        Looks looks =
                new Looks("phx1").next("aws1", true, true, set("phx1:1-50")).newUuid("aws1", Looks.uuid("phx1"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-50", 0);
        turns.reported(looks, local);
        settle(looks, local);
        assertThat(renewedThenDecided(looks, local).reason()).contains("which is not the region's");
    }

    @Test
    void aRenewalThatAnOpenerSawBeforeTheTakeOverCountsFromThen() {
        turns.of("aws1");
        Looks before = new Looks("phx1").lease("phx1", Phase.OPEN);
        turns.decide(before.cluster(), before.local("aws1", WriteState.STANDBY, "phx1:1-50", 0));
        turns.pass(5_700);
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN).next("aws1", false, true, set("phx1:1-50"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-50", 0);
        turns.reported(looks, local);
        settle(looks, local);
        assertThat(kinds(renewedThenDecided(looks, local))).containsExactly(Open.class);
    }

    @Test
    void whoIsNamedBeforeTheWholeMarginHasPassedDoesAllButOpenUntilItHas() {
        turns.of("aws1");
        Looks before = new Looks("phx1").lease("phx1", Phase.OPEN);
        turns.decide(before.cluster(), before.local("aws1", WriteState.STANDBY, "phx1:1-50", 0));
        turns.pass(5_200);
        Looks looks = new Looks("phx1").lease("phx1", Phase.OPEN).next("aws1", false, true, set("phx1:1-50"));
        LocalState local = looks.local("aws1", WriteState.STANDBY, "phx1:1-50", 0);
        turns.reported(looks, local);
        settle(looks, local);
        turns.pass(499);
        assertThat(renewedThenDecided(looks, local).reason()).isEqualTo("waits until no earlier holder can be open");
        turns.pass(1);
        assertThat(kinds(turns.decide(looks.cluster(), local))).containsExactly(Open.class);
    }

    @Test
    void aFormerMasterOpensOnlyWhenNoLinkCanTakeItsLastEpochForThisOne() {
        Looks looks =
                new Looks("phx1").next("aws1", true, true, set("phx1:1-9")).next("phx1", true, true, set("phx1:1-9"));
        LocalState local = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1);
        turns.reported(looks, local);
        settle(looks, local);
        assertThat(renewedThenDecided(looks, local).reason())
                .isEqualTo("waits until no link takes its last epoch for this one");
        turns.pass(3_099);
        assertThat(renewedThenDecided(looks, local).actions()).isEmpty();
        turns.pass(1);
        assertThat(kinds(turns.decide(looks.cluster(), local))).containsExactly(Open.class);
    }

    @Test
    void aServerThatForgotARenewalNeitherRenewsNorOpensNorIsNamed() {
        Looks looks =
                new Looks("phx1").lease("phx1", 100, "phx1:9").report("phx1", 1, 1, "phx1:1-9", WriteState.STANDBY);
        LocalState older = looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1);
        turns.see(looks.cluster(), older);
        turns.pass(500);
        Publish told = (Publish) turns.decide(looks.cluster(), older).actions().get(0);
        assertThat(told.report().forgotten()).isEqualTo("the last renewal of its own lease");
        looks.report("phx1", told.report());
        turns.done(turns.decide(looks.cluster(), older));
        assertThat(turns.decide(looks.cluster(), older).reason())
                .startsWith("waits: its data went back in time")
                .contains("the last renewal of its own lease");
        assertThat(Candidates.isFit(looks.cluster(), looks.cluster().region("phx1")))
                .isFalse();
    }

    @Test
    void aServerThatLacksNumbersOfItsOwnDoesNotOpenUntilItHasThemOrTheyAreVoid() {
        Looks looks = new Looks("phx1").lease("phx1", 0, "phx1:9");
        LocalState gap = looks.local("phx1", WriteState.STANDBY, "phx1:1-6:9", 1);
        turns.reported(looks, gap);
        settle(looks, gap);
        assertThat(renewedThenDecided(looks, gap).reason())
                .as("MySQL would fill the gap")
                .contains("it lacks " + set("phx1:7-8"));
        assertThat(kinds(renewedThenDecided(looks, looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 1))))
                .containsExactly(Open.class);
    }

    private void settle(Looks looks, LocalState local) {
        turns.done(turns.decide(looks.cluster(), local));
        turns.done(turns.decide(looks.cluster(), local));
    }

    private Decision renewedThenDecided(Looks looks, LocalState local) {
        turns.done(turns.decide(looks.cluster(), nextBeat(local)));
        return turns.decide(looks.cluster(), local);
    }
}

package io.regent.coordinator.cli.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.region.RegionServer.Tuning;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.schema.LocalState;
import io.regent.sql.schema.LocalState.Epoch;
import io.regent.sql.schema.LocalState.Verdict;
import io.regent.sql.session.ServerPlace;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.ServerVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegionPlanTest {
    private static final UUID PHX1 = uuid(1);
    private static final UUID AWS1 = uuid(2);
    private static final UUID AWS2 = uuid(3);
    private static final UUID FRESH = uuid(9);
    private static final GtidSet HISTORY = GtidSet.parse(PHX1 + ":1-10");
    private static final GtidSet STRAYS = GtidSet.parse(AWS1 + ":1-3");
    private static final ServerVersion VERSION = new ServerVersion(8, 0, 33);

    @Test
    void whatIsNeitherElsewhereNorSavedIsNotGivenUpUnlessThatManyAreNamed() {
        Elsewhere others = elsewhere(HISTORY, GtidSet.parse(AWS1 + ":1"));
        RegionPlan plan = RegionPlan.rebuild(cluster(), aws1(), aws2(), others, OptionalLong.empty());
        GtidSet unsaved = GtidSet.parse(AWS1 + ":2-3");
        assertThat(plan.loss()).isEqualTo(new Loss(STRAYS, unsaved));
        assertThat(plan.notes())
                .containsExactly("only aws1 has 3 transactions (" + STRAYS
                        + "): 1 of them are saved in regent.stranded, the other 2 will be nowhere");
        assertThat(plan.problems())
                .singleElement()
                .asString()
                .contains("2 transactions of aws1 are neither elsewhere nor saved (" + unsaved + ")", "--lose 2");
        assertThat(RegionPlan.rebuild(cluster(), aws1(), aws2(), others, OptionalLong.of(3))
                        .problems())
                .as("others than those that were told of")
                .hasSize(1);
        assertThat(RegionPlan.rebuild(cluster(), aws1(), aws2(), others, OptionalLong.of(2))
                        .problems())
                .isEmpty();
        Elsewhere saved = elsewhere(HISTORY, STRAYS);
        assertThat(RegionPlan.rebuild(cluster(), aws1(), aws2(), saved, OptionalLong.empty())
                        .problems())
                .isEmpty();
        assertThat(RegionPlan.rebuild(cluster(), aws1(), aws2(), saved, OptionalLong.of(2))
                        .problems())
                .containsExactly("--lose 2: nothing would be lost; leave it out");
    }

    @Test
    void whatARegionOutOfReachOnceReportedIsNotTakenForSafe() {
        Elsewhere reached = new Elsewhere(GtidSet.parse(PHX1 + ":1-9"), STRAYS, List.of("phx1"));
        assertThat(RegionPlan.rebuild(cluster(), aws1(), aws2(), reached, OptionalLong.empty())
                        .problems())
                .singleElement()
                .asString()
                .contains(PHX1 + ":10", "phx1 could not be asked", "--lose 1");
    }

    @Test
    void theMasterIsNotRebuilt() {
        RegionServer master = server("phx1", PHX1, PHX1, HISTORY, rows(1, 1));
        assertThat(rebuild(cluster(), master, aws2())).anyMatch(text -> text.contains("phx1 is the master of epoch 1"));
        assertThat(RegionPlan.rejoin(cluster(), master).problems()).anyMatch(text -> text.contains("is the master"));
    }

    @Test
    void nothingIsDoneWhileTheMasterChanges() {
        Master master = cluster().master().value();
        Plan move = new Plan("move-1", Plan.Kind.MOVE, 1, "aws2", null, false);
        assertThat(rebuild(cluster(master, Map.of("move-1", new Znode<>(move, 0))), aws1(), aws2()))
                .containsExactly("a change of master is under way, move-1");
        assertThat(rebuild(cluster(master.withClosing("move-1", "a"), Map.of()), aws1(), aws2()))
                .containsExactly("phx1 closes for move-1");
        assertThat(rebuild(cluster(master.withRelease("a"), Map.of()), aws1(), aws2()))
                .containsExactly("phx1 gave up epoch 1: a failover is under way");
    }

    @Test
    void aSourceMustBeOfTheSameVersion() {
        RegionServer older = aws2();
        ServerState state = older.state();
        ServerState other = new ServerState(
                state.serverUuid(), 1, new ServerVersion(8, 0, 32), true, false, false, state.gtidExecuted(), HISTORY);
        RegionServer source =
                new RegionServer("aws2", other, older.place(), older.rowsOf(), older.local(), "", older.tuning());
        assertThat(rebuild(cluster(), aws1(), source))
                .singleElement()
                .asString()
                .contains("only the same version");
    }

    @Test
    void aSourceIsNeitherDivergedNorBehindNorInAnotherEpochNorUnsettledNorACopy() {
        assertThat(rebuild(
                        cluster(),
                        aws1(),
                        server("aws2", AWS2, AWS2, HISTORY.union(GtidSet.parse(AWS2 + ":1")), rows(1))))
                .singleElement()
                .asString()
                .contains("aws2 has diverged");
        assertThat(rebuild(cluster(), aws1(), server("aws2", AWS2, AWS2, GtidSet.parse(PHX1 + ":1-4"), rows(1))))
                .singleElement()
                .asString()
                .contains("aws2 is behind: it lacks 6 transactions");
        assertThat(rebuild(cluster(), aws1(), server("aws2", AWS2, AWS2, HISTORY, rows(0))))
                .containsExactly("aws2 lives in epoch 0, the cluster in 1");
        LocalState unsettled = verdict(STRAYS, Optional.empty());
        assertThat(rebuild(cluster(), aws1(), server("aws2", AWS2, AWS2, HISTORY, unsettled)))
                .containsExactly("aws2 has verdicts that it did not settle, up to 0");
        assertThat(rebuild(cluster(), aws1(), server("aws2", AWS2, PHX1, HISTORY, rows(1))))
                .containsExactly("the rows of regent_local at aws2 are not its own");
    }

    @Test
    void aServerThatIsOpenOrWouldStartOpenIsLeftAlone() {
        RegionServer one = aws1();
        ServerState state = one.state();
        ServerState open = new ServerState(AWS1, 1, VERSION, false, false, false, state.gtidExecuted(), GtidSet.EMPTY);
        RegionServer target =
                new RegionServer("aws1", open, one.place(), AWS1, one.local(), "it is not persisted", one.tuning());
        assertThat(rebuild(cluster(), target, aws2()))
                .hasSize(2)
                .anyMatch(text -> text.contains("is OPEN"))
                .anyMatch(text -> text.contains("would not start SEALED: it is not persisted"));
    }

    @Test
    void whatAnEarlierTryCopiedIsNotCopiedAgain() {
        RegionServer copied = server("aws1", FRESH, AWS2, HISTORY, rows(1));
        assertThat(RegionPlan.copiedFrom(cluster(), copied)).contains("aws2");
        RegionPlan plan = RegionPlan.rest(cluster(), copied);
        assertThat(plan.copied()).isTrue();
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.notes()).containsExactly("its data is a copy of aws2 already: only the last steps are left");
        RegionServer writtenTo = server("aws1", FRESH, AWS2, HISTORY.union(STRAYS), rows(1));
        assertThat(RegionPlan.copiedFrom(cluster(), writtenTo)).isEmpty();
        assertThat(RegionPlan.copiedFrom(cluster(), aws1())).isEmpty();
        RegionServer wholeMachine = server("aws1", AWS2, AWS2, HISTORY, rows(1));
        assertThat(RegionPlan.copiedFrom(cluster(), wholeMachine)).isEmpty();
    }

    @Test
    void aCopyThatHoldsWhatWasMadeVoidSinceIsNotBelieved() {
        ClusterState later = withVerdict(cluster(), STRAYS);
        RegionServer holds = server("aws1", FRESH, AWS2, HISTORY.union(STRAYS), rows(1));
        assertThat(RegionPlan.problemsOfCopy(later, holds))
                .singleElement()
                .asString()
                .contains("made void since");
        LocalState settled = verdict(STRAYS, Optional.of("never-had"));
        assertThat(RegionPlan.problemsOfCopy(later, server("aws1", FRESH, AWS2, HISTORY.union(STRAYS), settled)))
                .isEmpty();
    }

    @Test
    void aCopyWithAnOpenVerdictDoesNotRejoinNorOneOfAWholeMachine() {
        LocalState open = verdict(STRAYS, Optional.empty());
        for (UUID uuid : List.of(FRESH, AWS2)) {
            RegionPlan plan = RegionPlan.rejoin(cluster(), server("aws1", uuid, AWS2, HISTORY, open));
            assertThat(plan.copied()).isTrue();
            assertThat(plan.problems())
                    .singleElement()
                    .asString()
                    .contains("the copy holds a verdict that was being settled", "dbctl region rebuild aws1");
        }
        RegionPlan wholeMachine = RegionPlan.rejoin(cluster(), server("aws1", AWS2, AWS2, HISTORY, rows(1, 1)));
        assertThat(wholeMachine.problems()).isEmpty();
        assertThat(wholeMachine.copied())
                .as("that it was opened is not true of it")
                .isTrue();
    }

    @Test
    void whoseDataWasBeingReplacedIsRebuiltAndDoesNotRejoin() {
        RegionServer half = server("aws1", AWS1, LocalIdentity.CONDEMNED, HISTORY, rows(1));
        assertThat(RegionPlan.rejoin(cluster(), half).problems())
                .containsExactly("the data of aws1 was being replaced, and may be gone in part:"
                        + " 'dbctl region rebuild aws1' replaces its data");
        assertThat(rebuild(cluster(), half, aws2())).isEmpty();
    }

    @Test
    void whoDivergedDoesNotRejoin() {
        assertThat(RegionPlan.rejoin(cluster(), aws1()).problems())
                .singleElement()
                .asString()
                .contains("aws1 has diverged", "dbctl region rebuild aws1");
        assertThat(RegionPlan.rejoin(cluster(), server("aws1", AWS1, AWS1, HISTORY, rows(1)))
                        .problems())
                .isEmpty();
    }

    @Test
    void aStandbyIsCopiedRatherThanTheMaster() {
        assertThat(RegionPlan.bestSource(cluster(), "aws1")).contains("aws2");
        assertThat(RegionPlan.bestSource(cluster(), "aws2"))
                .as("aws1 has diverged")
                .contains("phx1");
    }

    @Test
    void aRebuiltRegionGetsAUuidThatGaveOutNoNumber() {
        assertThat(NewUuid.choose(cluster(), aws1(), false, FRESH)).isEqualTo(FRESH);
        UUID claimed = uuid(7);
        ClusterState again = withOrigin(new Origin(claimed, "aws1", 2));
        assertThat(NewUuid.choose(again, aws1(), false, FRESH))
                .as("what an earlier try claimed")
                .isEqualTo(claimed);
        assertThat(NewUuid.choose(again, server("aws1", claimed, AWS2, HISTORY, rows(1)), false, FRESH))
                .as("what the server has already")
                .isEqualTo(claimed);
        assertThat(NewUuid.choose(again, server("aws1", claimed, claimed, HISTORY, rows(1)), false, FRESH))
                .as("once it is its own it may have given out some")
                .isEqualTo(FRESH);
        assertThat(NewUuid.choose(
                        again, server("aws1", claimed, LocalIdentity.CONDEMNED, HISTORY, rows(1)), false, FRESH))
                .as("what is left under it may be its own")
                .isEqualTo(FRESH);
        RegionServer used = server("aws1", AWS1, AWS1, HISTORY.union(GtidSet.parse(claimed + ":1")), rows(1));
        assertThat(NewUuid.choose(again, used, false, FRESH)).isEqualTo(FRESH);
    }

    @Test
    void aUuidThatIsNobodysMayBeClaimedByWhoStartedWithIt() {
        RegionServer copy = server("aws1", uuid(8), AWS1, HISTORY, rows(1));
        assertThat(NewUuid.choose(cluster(), copy, true, FRESH)).isEqualTo(uuid(8));
        assertThat(NewUuid.choose(cluster(), copy, false, FRESH)).isEqualTo(uuid(8));
        RegionServer used = server("aws1", uuid(8), AWS1, HISTORY.union(GtidSet.parse(uuid(8) + ":1-5")), rows(1));
        assertThat(NewUuid.choose(cluster(), used, true, FRESH)).isEqualTo(uuid(8));
        assertThat(NewUuid.choose(cluster(), used, false, FRESH))
                .as("without its data it would give out 1 again")
                .isEqualTo(FRESH);
        RegionServer ofAnother = server("aws1", AWS2, AWS1, HISTORY, rows(1));
        assertThat(NewUuid.choose(cluster(), ofAnother, true, FRESH)).isEqualTo(FRESH);
    }

    private static List<String> rebuild(ClusterState cluster, RegionServer target, RegionServer source) {
        return RegionPlan.rebuild(cluster, target, source, elsewhere(HISTORY, STRAYS), OptionalLong.empty())
                .problems();
    }

    private static Elsewhere elsewhere(GtidSet executed, GtidSet saved) {
        return new Elsewhere(executed, saved, List.of());
    }

    private static LocalState verdict(GtidSet voided, Optional<String> settled) {
        List<Verdict> verdicts = List.of(new Verdict(1, voided, Optional.of(voided), settled));
        return new LocalState(rows(1).epochs(), verdicts, List.of(), 0, 0, Instant.EPOCH);
    }

    private static ClusterState withVerdict(ClusterState now, GtidSet voided) {
        io.regent.failover.model.Verdict verdict = new io.regent.failover.model.Verdict(1, voided, 4, "spool");
        return new ClusterState(
                now.master(), now.regions(), now.history(), now.plans(), List.of(verdict), now.origins(), now.policy());
    }

    private static UUID uuid(int number) {
        return new UUID(0, number);
    }

    private static RegionServer aws1() {
        return server("aws1", AWS1, AWS1, HISTORY.union(STRAYS), rows(1));
    }

    private static RegionServer aws2() {
        return server("aws2", AWS2, AWS2, HISTORY, rows(1));
    }

    private static RegionServer server(String region, UUID uuid, UUID rowsOf, GtidSet executed, LocalState rows) {
        ServerState state = new ServerState(uuid, 1, VERSION, true, false, false, executed, GtidSet.EMPTY);
        Path data = Path.of("/data");
        ServerPlace place = new ServerPlace(data, data.resolve("pid"), data.resolve("index"), uuid);
        return new RegionServer(region, state, place, rowsOf, rows, "", new Tuning(64L << 20, 8));
    }

    /** Rows that name an epoch, and those in which the server opened. */
    private static LocalState rows(long epoch, long... opened) {
        List<Epoch> epochs = epoch == 0
                ? List.of()
                : List.of(new Epoch(
                        epoch,
                        "phx1",
                        Optional.of(HISTORY),
                        opened.length == 0 ? Optional.empty() : Optional.of(Instant.EPOCH)));
        return new LocalState(epochs, List.of(), List.of(), 0, 0, Instant.EPOCH);
    }

    private static ClusterState cluster() {
        return cluster(Master.first("phx1", HISTORY, "a"), Map.of());
    }

    private static ClusterState cluster(Master master, Map<String, Znode<Plan>> plans) {
        List<RegionState> regions = List.of(
                region("phx1", HISTORY, WriteState.OPEN),
                region("aws1", HISTORY.union(STRAYS), WriteState.STANDBY),
                region("aws2", HISTORY, WriteState.STANDBY));
        List<Origin> origins =
                List.of(new Origin(PHX1, "phx1", 1), new Origin(AWS1, "aws1", 1), new Origin(AWS2, "aws2", 1));
        return new ClusterState(
                new Znode<>(master, 4), regions, new TreeMap<>(), plans, List.of(), origins, Policy.UNSAID);
    }

    private static RegionState region(String name, GtidSet executed, WriteState state) {
        return new RegionState(
                name,
                new Znode<>(Lease.none(Duration.ofSeconds(3)), 0),
                new Znode<>(new Report(1, 0, executed, state, 0), 0),
                true);
    }

    private static ClusterState withOrigin(Origin origin) {
        ClusterState now = cluster();
        List<Origin> origins = new ArrayList<>(now.origins());
        origins.add(origin);
        return new ClusterState(
                now.master(), now.regions(), now.history(), now.plans(), now.verdicts(), origins, now.policy());
    }
}

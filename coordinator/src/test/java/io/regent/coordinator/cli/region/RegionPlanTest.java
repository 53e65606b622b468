package io.regent.coordinator.cli.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.region.RegionPlan.Elsewhere;
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
    void itSaysWhatIsNowhereElseAndWhatOfItIsSaved() {
        GtidSet saved = GtidSet.parse(AWS1 + ":1");
        RegionPlan plan = RegionPlan.rebuild(cluster(), aws1(), aws2(), new Elsewhere(HISTORY, saved));
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.lost()).isEqualTo(STRAYS);
        assertThat(plan.notes())
                .containsExactly("only aws1 has 3 transactions (" + STRAYS
                        + "): 1 of them are saved in regent.stranded, the other 2 will be nowhere");
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
        LocalState unsettled = new LocalState(
                rows(1).epochs(),
                List.of(new Verdict(1, STRAYS, Optional.of(STRAYS), Optional.empty())),
                List.of(),
                0,
                0,
                Instant.EPOCH);
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
        RegionPlan plan = RegionPlan.rebuild(cluster(), copied, aws2(), new Elsewhere(HISTORY, GtidSet.EMPTY));
        assertThat(plan.copied()).isTrue();
        RegionServer writtenTo = server("aws1", FRESH, AWS2, HISTORY.union(STRAYS), rows(1));
        assertThat(RegionPlan.rebuild(cluster(), writtenTo, aws2(), new Elsewhere(HISTORY, GtidSet.EMPTY))
                        .copied())
                .isFalse();
        assertThat(RegionPlan.rebuild(cluster(), aws1(), aws2(), new Elsewhere(HISTORY, GtidSet.EMPTY))
                        .copied())
                .isFalse();
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
        RegionServer used = server("aws1", AWS1, AWS1, HISTORY.union(GtidSet.parse(claimed + ":1")), rows(1));
        assertThat(NewUuid.choose(again, used, false, FRESH)).isEqualTo(FRESH);
    }

    @Test
    void aUuidThatIsNobodysMayBeClaimedByWhoStartedWithIt() {
        RegionServer copy = server("aws1", uuid(8), AWS1, HISTORY, rows(1));
        assertThat(NewUuid.choose(cluster(), copy, true, FRESH)).isEqualTo(uuid(8));
        RegionServer ofAnother = server("aws1", AWS2, AWS1, HISTORY, rows(1));
        assertThat(NewUuid.choose(cluster(), ofAnother, true, FRESH)).isEqualTo(FRESH);
    }

    private static List<String> rebuild(ClusterState cluster, RegionServer target, RegionServer source) {
        return RegionPlan.rebuild(cluster, target, source, new Elsewhere(HISTORY, GtidSet.EMPTY))
                .problems();
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

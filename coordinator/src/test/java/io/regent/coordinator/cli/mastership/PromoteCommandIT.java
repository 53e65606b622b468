package io.regent.coordinator.cli.mastership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PromoteCommandIT extends StageFixture {
    private static final GtidSet NINE = GtidSet.parse(Stage.PHX1 + ":1-9");

    private final Shell shell = new Shell();

    @Test
    void aMoveIsFollowedFromTheOrderUntilTheRegionIsOpen() throws Exception {
        try (Stage stage = stage("moves").healthy()) {
            CompletableFuture<Void> players = play(stage, plan -> {
                announce(stage, plan);
                awaitSaid("announced that it closes");
                handOver(stage);
                stage.renew("aws1", Phase.FETCHING);
                awaitSaid("FETCHING");
                stage.report("aws1", 2, 2, NINE.toString(), WriteState.OPEN);
                stage.renew("aws1", Phase.OPEN);
            });
            Shell.Outcome outcome = promote(stage);
            players.join();
            assertThat(outcome.out())
                    .matches("aws1 is master and open: epoch 1 -> 2; no region took writes for at most [0-9]+ ms;"
                            + " at most 1 transactions were moved after the close\\R");
            assertThat(outcome.err()
                            .lines()
                            .filter(line -> !line.startsWith("forced: "))
                            .map(line -> line.replaceAll("move-1-[0-9a-f]{8}", "PLAN")))
                    .containsExactly(
                            "ordered PLAN",
                            "aws1 lacks 1 transactions",
                            "phx1 announced that it closes",
                            "phx1 handed over: epoch 2 is aws1's, 9 transactions are its history",
                            "aws1: FETCHING played by a test");
            assertThat(outcome.code()).isZero();

            Shell.Outcome again = promote(stage);
            assertThat(again.out()).isEqualToIgnoringNewLines("aws1 is master already, open in epoch 2");
            assertThat(again.code()).isZero();
        }
    }

    @Test
    void aMoveThatIsFasterThanItsLooksIsToldAllTheSame() throws Exception {
        try (Stage stage = stage("fast").healthy()) {
            CompletableFuture<Void> players = play(stage, plan -> {
                announce(stage, plan);
                handOver(stage);
                stage.renew("aws1", Phase.OPEN);
            });
            Shell.Outcome outcome = promote(stage);
            players.join();
            assertThat(outcome.out()).contains("epoch 1 -> 2", "at most 1 transactions were moved after the close");
            assertThat(outcome.err()).contains("phx1 handed over: epoch 2 is aws1's");
            assertThat(outcome.code()).isZero();
        }
    }

    @Test
    void whatIsNotDoneInTimeIsCalledOff() throws Exception {
        try (Stage stage = stage("late").healthy()) {
            Shell.Outcome outcome = promote(stage, "--timeout", "1");
            assertThat(outcome.out()).contains("the move was called off: epoch 1 stands");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(stage.look().ordered(Plan.Kind.MOVE)).isEmpty();
            assertThat(stage.look().plans()).hasSize(1);
        }
    }

    @Test
    void aMasterThatCannotCloseEndsTheMove() throws Exception {
        try (Stage stage = stage("stays").healthy()) {
            CompletableFuture<Void> players = play(stage, plan -> {
                announce(stage, plan);
                awaitSaid("announced that it closes");
                stage.master("phx1", master(stage).withoutClosing(stage.token()));
            });
            Shell.Outcome outcome = promote(stage);
            players.join();
            assertThat(outcome.out()).contains("called off", "phx1 could not be closed and takes writes again");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(stage.look().ordered(Plan.Kind.MOVE)).isEmpty();
        }
    }

    @Test
    void afterTheHandOverItCannotBeCalledOffAndThatIsSaid() throws Exception {
        try (Stage stage = stage("named").healthy()) {
            CompletableFuture<Void> players = play(stage, plan -> {
                announce(stage, plan);
                handOver(stage);
            });
            Shell.Outcome outcome = promote(stage, "--timeout", "1", "--json");
            players.join();
            JsonNode json = new ObjectMapper().readTree(outcome.out());
            assertThat(json.get("outcome").asText()).isEqualTo("named");
            assertThat(json.get("epochBefore").asLong()).isEqualTo(1);
            assertThat(json.get("epoch").asLong()).isEqualTo(2);
            assertThat(outcome.code()).isEqualTo(1);
        }
    }

    @Test
    void whatStandsInTheWayIsSaidAllAtOnceAndNothingIsOrdered() throws Exception {
        try (Stage stage = stage("refused")) {
            stage.report("aws1", 0, 0, Stage.CUT + "," + Stage.AWS1 + ":1", WriteState.SEALED);
            assertThat(stage.setup
                            .order(new Plan("leave", Plan.Kind.FAILOVER, 1, null, null, false), 0)
                            .isOk())
                    .isTrue();
            Shell.Outcome outcome = promote(stage);
            assertThat(outcome.out())
                    .contains(
                            "refused: nothing was ordered",
                            "phx1 is master and not open: only an open master can hand over",
                            "an operator ordered a failover, leave",
                            "no coordinator of aws1 has a session with ZooKeeper",
                            "the MySQL of aws1 is SEALED, not STANDBY",
                            "aws1 lives in epoch 0, the cluster in 1",
                            "aws1 has diverged: it executed 1 transactions outside history");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(stage.look().plans()).hasSize(1);
        }
    }

    @Test
    void aMoveWhoseServersCannotBeAskedIsRefusedUnlessTheRiskIsTaken() throws Exception {
        try (Stage stage = stage("unasked").healthy()) {
            Shell.Outcome refused = shell.run("promote", "aws1", "--dry-run", "--config", stage.file());
            assertThat(refused.out())
                    .contains("refused: nothing was ordered", "the MySQL of phx1 cannot be asked from here", "--force");
            assertThat(refused.code()).isEqualTo(1);
            Shell.Outcome forced = promote(stage, "--dry-run");
            assertThat(forced.out())
                    .contains("would move", "note: forced: the MySQL of phx1", "risked: accounts, definitions");
            assertThat(forced.code()).isZero();
        }
    }

    @Test
    void aRegionWhoseLinkStoppedOrLagsIsRefused() throws Exception {
        for (LinkState link : List.of(
                new LinkState("phx1", "stopped", "table app.t differs", 3, "", null),
                new LinkState("phx1", "running", "", 3, "", 11_000L))) {
            try (Stage stage = stage("link-" + link.state())) {
                stage.healthyBut(List.of(link));
                Shell.Outcome refused = shell.run("preflight", "aws1", "--config", stage.file());
                assertThat(refused.out())
                        .contains(
                                link.lagMillis() == null
                                        ? "link aws1<-phx1 is stopped: table app.t differs"
                                        : "link aws1<-phx1 is 11 s behind");
                assertThat(refused.code()).isEqualTo(1);
            }
        }
    }

    @Test
    void whileAnotherMoveIsUnderWayNothingElseIsOrdered() throws Exception {
        try (Stage stage = stage("moving").healthy()) {
            assertThat(stage.setup
                            .order(new Plan("move-1-other", Plan.Kind.MOVE, 1, "aws2", null, false), 0)
                            .isOk())
                    .isTrue();
            Shell.Outcome outcome = promote(stage);
            assertThat(outcome.out())
                    .contains("refused: nothing was ordered", "a move to aws2 is under way, move-1-other");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(stage.look().plans()).hasSize(1);
        }
    }

    @Test
    void whileTheMasterClosesNothingIsOrdered() throws Exception {
        try (Stage stage = stage("closes").healthy()) {
            stage.master("phx1", master(stage).withClosing("release-7", stage.token()));
            Shell.Outcome outcome = promote(stage);
            assertThat(outcome.out()).contains("refused: nothing was ordered", "phx1 closes for release-7");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(stage.look().plans()).isEmpty();
        }
    }

    @Test
    void aRegionWhoseCoordinatorHasNoQuorumIsRefused() throws Exception {
        try (Stage stage = stage("quorum").healthy()) {
            LinkState link = new LinkState("phx1", "running", "", 3, "", 12L);
            stage.serve("aws1", WriteState.STANDBY, List.of(link), "the session with ZooKeeper is lost", "");
            Shell.Outcome outcome = promote(stage);
            assertThat(outcome.out())
                    .contains(
                            "refused: nothing was ordered",
                            "the coordinator of aws1 has no quorum of ZooKeeper: the session with ZooKeeper is lost");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(stage.look().plans()).isEmpty();
        }
    }

    @Test
    void theWaitForTransactionsIsNoLongerThanTheMoveMayTake() throws Exception {
        try (Stage stage = stage("waits").healthy()) {
            Shell.Outcome wrong = promote(stage, "--timeout", "20", "--wait", "21");
            assertThat(wrong.err()).contains("--wait: from 0 seconds to --timeout, which is 20");
            assertThat(wrong.code()).isEqualTo(2);
        }
    }

    @Test
    void aDryRunChecksAndTellsHowFarTheRegionIsBehindAndOrdersNothing() throws Exception {
        try (Stage stage = stage("dry").healthy()) {
            stage.report("phx1", 1, 1, Stage.PHX1 + ":1-500", WriteState.OPEN);
            Shell.Outcome outcome = promote(stage, "--dry-run");
            assertThat(outcome.out())
                    .contains(
                            "would move: aws1 would become master in epoch 2",
                            "note: aws1 lacked 492 transactions when it last reported: phx1 takes writes until aws1 is"
                                    + " less than 300 ms behind, then closes");
            assertThat(outcome.code()).isZero();
            assertThat(stage.look().plans()).isEmpty();

            Shell.Outcome unknown = shell.run("promote", "aws", "--config", stage.file());
            assertThat(unknown.err()).contains("no region 'aws' in cluster dry; did you mean 'aws1'?");
            assertThat(unknown.code()).isEqualTo(2);
        }
    }

    /** No MySQL is there to be asked. */
    @Test
    void aMoveToARegionWhoseRowsAreKnownToDifferIsRefusedUntilTheyAreFoundEqual() throws Exception {
        try (Stage stage = stage("differs").healthy();
                ClusterObserver observer =
                        ClusterObserver.connect(zookeeper.getConnectString(), "differs", List.of("phx1", "aws1"))) {
            assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
            Differences found = new Differences(
                    "2026-11-30T05:00:00Z", List.of("phx1", "aws1"), 3, List.of("identity.user: 3 rows differ"));
            assertThat(observer.setup().differ(found).isOk()).isTrue();

            Shell.Outcome refused = shell.run("promote", "aws1", "--dry-run", "--config", stage.file());
            assertThat(refused.out() + refused.err())
                    .contains("refused: nothing was ordered")
                    .contains("data is known to differ between phx1, aws1: 3 rows or definitions, found by verify or"
                            + " made by a skip at 2026-11-30T05:00:00Z (identity.user: 3 rows differ)");
            assertThat(refused.code()).isEqualTo(1);
            Shell.Outcome forced = promote(stage, "--dry-run");
            assertThat(forced.out() + forced.err())
                    .contains("would move", "risked: what differs at aws1 becomes what everybody reads");
            Shell.Outcome other = shell.run("preflight", "aws2", "--config", stage.file());
            assertThat(other.out() + other.err()).doesNotContain("known to differ");

            Seen<Znode<Differences>> known = observer.setup().differences();
            assertThat(known).isInstanceOf(Seen.Found.class);
            assertThat(observer.setup()
                            .equal(((Seen.Found<Znode<Differences>>) known).value())
                            .isOk())
                    .isTrue();
            Shell.Outcome equal = promote(stage, "--dry-run");
            assertThat(equal.out() + equal.err()).contains("would move").doesNotContain("known to differ");
        }
    }

    private Shell.Outcome promote(Stage stage, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("promote", "aws1", "--force", "--config", stage.file()));
        words.addAll(List.of(more));
        return shell.run(words.toArray(String[]::new));
    }

    /** Does something once a move was ordered. */
    private CompletableFuture<Void> play(Stage stage, Consumer<Plan> coordinators) {
        return CompletableFuture.runAsync(() -> {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> stage.look().ordered(Plan.Kind.MOVE).isPresent());
            awaitSaid("lacks");
            ClusterState now = stage.look();
            coordinators.accept(now.ordered(Plan.Kind.MOVE).orElseThrow());
        });
    }

    private static void announce(Stage stage, Plan plan) {
        stage.master("phx1", master(stage).withClosing(plan.id(), stage.token()));
    }

    private static void handOver(Stage stage) {
        stage.report("phx1", 1, 1, NINE.toString(), WriteState.SEALED);
        stage.master("phx1", master(stage).next("aws1", true, NINE, stage.token()));
    }

    private static Master master(Stage stage) {
        return stage.look().master().value();
    }

    /** Until the command has told of it, for what nobody sees in passing is not told. */
    private void awaitSaid(String step) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> shell.said().contains(step));
    }
}

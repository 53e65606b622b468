package io.regent.coordinator.cli.mastership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Phase;
import io.regent.failover.model.WriteState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusCommandIT extends StageFixture {
    private final Shell shell = new Shell();

    @Test
    void aHealthyClusterIsShownWithinASecond() throws Exception {
        try (Stage stage = stage("healthy").healthy()) {
            Shell.Outcome outcome = shell.run("status", "--config", stage.file());
            assertThat(fastestOfThree(stage.file())).isLessThan(Duration.ofSeconds(1));
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out().lines())
                    .containsExactly(
                            "cluster healthy: epoch 1, master phx1: healthy",
                            "region  mysql        state    epoch  lacks  beyond  lease             coordinator",
                            "phx1 *  127.0.0.1:1  OPEN     1      -      0       open, 2.4 s left  phx1-a active,"
                                    + " controller",
                            "aws1    127.0.0.1:2  STANDBY  1      1      0       -                 aws1-a active",
                            "link aws1<-phx1: running, 12 ms behind, 3 transactions");
            assertThat(outcome.code()).isZero();
        }
    }

    @Test
    void asJsonItHoldsWhatZooKeeperSaysAndBesideItWhatEachCoordinatorTold() throws Exception {
        try (Stage stage = stage("json").healthy()) {
            JsonNode json = new ObjectMapper()
                    .readTree(shell.run("status", "--json", "--config", stage.file())
                            .out());
            assertThat(json.at("/mastership/master").asText()).isEqualTo("phx1");
            assertThat(json.at("/regions/1/reported/lacks").asLong()).isEqualTo(1);
            assertThat(json.at("/regions/1/coordinator/status/links/0/state").asText())
                    .isEqualTo("running");
            assertThat(json.at("/problems").isEmpty()).isTrue();
        }
    }

    @Test
    void itsTimingsAreShownWithWhatFollowsFromThem() throws Exception {
        try (Stage stage = stage("timing").healthy()) {
            Shell.Outcome outcome = shell.run("status", "--timing", "--config", stage.file());
            assertThat(outcome.out())
                    .contains("WAIT", "5700 ms", "5200 ms of silence", "within 4600 ms of the last")
                    .contains("+ 0 ms if a majority of regions miss", "else + 30000 ms")
                    .contains(
                            "lease         3000 ms, renewed each 500 ms", "ZooKeeper     session 3000 ms, tick 500 ms")
                    .contains("dead-man      1600 ms = 100 between looks + 1000 longest wait of one + 500 closing")
                    .contains("WAIT          5700 ms = lease + drift 100 + dead-man + margin 1000")
                    .contains("RTO           5700 ms from the last renewal")
                    .contains("lease 3000 + drift 100 + dead-man 1600 + margin 1000; 35200 ms if it is not confirmed");
            assertThat(outcome.code()).isZero();
            JsonNode json = new ObjectMapper()
                    .readTree(shell.run("status", "--timing", "--json", "--config", stage.file())
                            .out());
            assertThat(json.get("wait").asLong()).isEqualTo(5_700);
            assertThat(json.get("named").asLong()).isEqualTo(5_200);
            assertThat(json.get("holdOff").asLong()).isEqualTo(30_000);
            assertThat(json.get("deadMan").asLong())
                    .isEqualTo(sum(json, "deadManInterval", "deadManCaps", "deadManClosing"));
            assertThat(json.get("rto").asLong())
                    .as("all that it consists of, without hold-off")
                    .isEqualTo(sum(json, "ttl", "drift", "deadMan", "margin"))
                    .isEqualTo(5_700);
            assertThat(json.get("rtoUnconfirmed").asLong()).isEqualTo(sum(json, "named", "holdOff"));
        }
    }

    @Test
    void everythingThatIsNotAsItShouldBeIsSaid() throws Exception {
        try (Stage stage = stage("sick").healthy()) {
            stage.report("aws1", 1, 0, Stage.PHX1 + ":1-8," + Stage.AWS1 + ":1-2", WriteState.STANDBY);
            stage.serve(
                    "aws1",
                    WriteState.STANDBY,
                    List.of(new LinkState("phx1", "failed", "app.t is not here", 3, null, null)));
            stage.silence(0);
            stage.master("phx1", stage.look().master().value().withClosing("move-7", "t"));

            Shell.Outcome outcome = shell.run("status", "--config", stage.file());
            assertThat(outcome.out())
                    .contains(
                            "NOT HEALTHY",
                            "problem: no region takes writes soon: phx1 closes for move-7",
                            "problem: aws1 has diverged: it executed 2 transactions outside history (" + Stage.AWS1
                                    + ":1-2)",
                            "problem: link aws1<-phx1 is failed: app.t is not here",
                            "problem: the coordinator of phx1 at 127.0.0.1:",
                            "does not tell");
            assertThat(outcome.code()).isEqualTo(1);
        }
    }

    @Test
    void aRegionThatGivesOutAnothersNumbersIsNotHealthyAndWhyTellsItToo() throws Exception {
        try (Stage stage = stage("numbers").healthy()) {
            LinkState link = new LinkState("phx1", "running", "", 3, null, 12L);
            String drift = "auto_increment_increment is 1, not 8 as it was persisted";
            stage.serve("aws1", WriteState.STANDBY, List.of(link), CoordinatorStatus.CONNECTED, drift);
            Shell.Outcome status = shell.run("status", "--config", stage.file());
            assertThat(status.out()).contains("NOT HEALTHY", "problem: at aws1 " + drift);
            assertThat(status.code()).isEqualTo(1);
            Shell.Outcome why = shell.run("why", "--config", stage.file());
            assertThat(why.out()).startsWith("problem: at aws1 " + drift).doesNotContain("nothing is wrong");
            assertThat(why.code()).isEqualTo(1);
        }
    }

    @Test
    void aRegionThatFallsBehindIsNotHealthy() throws Exception {
        try (Stage stage = stage("late").healthy()) {
            stage.serve("aws1", WriteState.STANDBY, List.of(new LinkState("phx1", "running", "", 3, null, 75_400L)));
            assertThat(shell.run("status", "--config", stage.file()).out())
                    .contains("NOT HEALTHY", "problem: link aws1<-phx1 is 75 s behind");

            stage.serve("aws1", WriteState.STANDBY, List.of());
            assertThat(shell.run("status", "--config", stage.file()).out())
                    .contains("NOT HEALTHY", "problem: no link brings aws1 what phx1 commits: nothing to do");
        }
    }

    @Test
    void aNewClusterWithoutCoordinatorsIsSaidToBeOne() throws Exception {
        try (Stage stage = stage("new")) {
            Shell.Outcome outcome = shell.run("status", "--config", stage.file());
            assertThat(outcome.out())
                    .contains(
                            "problem: no region takes writes: phx1 is named and not open (not begun)",
                            "problem: no coordinator of aws1 has a session with ZooKeeper",
                            "problem: aws1 never reported",
                            "note: the file does not say where the coordinator of aws1 listens");
            assertThat(outcome.code()).isEqualTo(1);
        }
    }

    @Test
    void aRegionInAnEarlierEpochAndAMasterOnItsWayAreNamed() throws Exception {
        try (Stage stage = stage("later").healthy()) {
            Master next = stage.look().master().value().next("aws1", true, Stage.CUT, "t");
            stage.master("phx1", next);
            stage.renew("aws1", Phase.FETCHING);
            assertThat(shell.run("status", "--config", stage.file()).out())
                    .contains(
                            "problem: no region takes writes: aws1 is named and not open (FETCHING: played by a test)",
                            "problem: phx1 lives in epoch 1, the cluster in 2");
        }
    }

    @Test
    void aClusterThatIsNotThereAndAZooKeeperThatIsNotReachedCannotBeTold() throws Exception {
        try (Stage stage = stage("there")) {
            String other = Files.readString(Path.of(stage.file())).replace("cluster: there", "cluster: elsewhere");
            Path file = Files.writeString(directory.resolve("elsewhere.yaml"), other);
            Shell.Outcome absent = shell.run("status", "--config", file.toString());
            assertThat(absent.err()).contains("ZooKeeper has no cluster 'elsewhere'; dbctl init --master REGION");
            assertThat(absent.code()).isEqualTo(2);
        }
    }

    private static long sum(JsonNode json, String... parts) {
        return Stream.of(parts).mapToLong(part -> json.get(part).asLong()).sum();
    }

    private Duration fastestOfThree(String file) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long begun = System.nanoTime();
            shell.run("status", "--config", file);
            fastest = Math.min(fastest, System.nanoTime() - begun);
        }
        return Duration.ofNanos(fastest);
    }
}

package io.regent.coordinator.cli.mastership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.zookeeper.Cost;
import io.regent.coordinator.zookeeper.CostBoard;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.WriteState;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistoryCommandIT extends StageFixture {
    private static final GtidSet NINE = GtidSet.parse(Stage.PHX1 + ":1-9");
    private static final GtidSet EIGHT = GtidSet.parse(Stage.PHX1 + ":1-8");

    private final Shell shell = new Shell();

    @Test
    void eachMastershipIsShownWithItsEndAndThenWhatTheFailoverLeftBehind() throws Exception {
        try (Stage stage = stage("identity")) {
            stage.renew("phx1", Phase.OPEN);
            stage.report("phx1", 1, 1, EIGHT.toString(), WriteState.OPEN);
            assertThat(shell.run("history", "--config", stage.file()).code()).isZero();

            stage.master("phx1", master(stage).next("aws1", true, NINE, "handed"));
            beginningCost(stage, ":6");
            beginningCost(stage, ":7");
            Ended dead = Ended.of(master(stage), false, true, "names phx1: aws1 was silent", "phx1/one");
            stage.master("phx1", master(stage).next("phx1", false, null, "taken"), dead);
            Plan union = Plan.union(3, "phx1", EIGHT);
            assertThat(stage.setup.order(union, stage.look().master().version()).isOk())
                    .isTrue();
            stage.master("phx1", master(stage).withCut(EIGHT, "cut"));
            stage.report("aws1", 2, 2, NINE + "," + Stage.AWS1 + ":1-2", WriteState.SEALED);

            Shell.Outcome outcome = shell.run("history", "--config", stage.file());
            List<String> lines = outcome.out().lines().toList();
            assertThat(lines.get(1)).matches("1 +phx1 +20[^ ]+Z +- +handed over +5 +\\+5 +- +\\?");
            assertThat(lines.get(2)).matches("2 +aws1 +2026-12-01T00:00:00Z +1234 ms +taken over +9 +\\+4 +- +\\?");
            assertThat(lines.get(3))
                    .matches("3 +phx1 \\(not seen open\\) +20[^ ]+Z +- +present +8 +\\+0 +1 +names phx1: aws1 was"
                            + " silent \\(phx1/one\\)");
            assertThat(lines.get(4))
                    .isEqualTo("left behind when epoch 2 began: 2 transactions (" + Stage.PHX1 + ":6-7)");
            assertThat(lines.get(5)).isEqualTo("  phx1 holds " + Stage.PHX1 + ":6-7");
            assertThat(lines.get(6))
                    .isEqualTo("outside the history of the present epoch: 3 transactions (" + Stage.PHX1 + ":9,"
                            + Stage.AWS1 + ":1-2)");
            assertThat(lines.get(7)).isEqualTo("  aws1 holds " + Stage.AWS1 + ":1-2");
            assertThat(outcome.code()).isEqualTo(1);

            JsonNode json = new ObjectMapper()
                    .readTree(shell.run("history", "--json", "--config", stage.file())
                            .out());
            assertThat(json.at("/epochs/2/dropped").asLong()).isEqualTo(1);
            assertThat(json.at("/epochs/1/left/transactions").asLong()).isEqualTo(2);
            assertThat(json.at("/epochs/2/left").isNull()).isTrue();
            assertThat(json.at("/loss/transactions").asLong()).isEqualTo(3);
            assertThat(Instant.parse(json.at("/epochs/2/began").asText()))
                    .isBetween(
                            Instant.now().minus(Duration.ofMinutes(5)),
                            Instant.now().plusSeconds(5));
        }
    }

    /** As the master of epoch 2 writes it, and again when it knows more. */
    private static void beginningCost(Stage stage, String lost) {
        GtidSet left = GtidSet.parse(Stage.PHX1 + lost);
        TreeMap<String, GtidSet> holders = new TreeMap<>(Map.of("phx1", left));
        Cost cost = new Cost(2, "2026-12-01T00:00:00Z", 1234L, left, holders, GtidSet.EMPTY);
        assertThat(new CostBoard(stage.ensemble, stage.cluster).say(cost)).isTrue();
    }

    private static Master master(Stage stage) {
        return stage.look().master().value();
    }
}

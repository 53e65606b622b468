package io.regent.coordinator.cli.mastership;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.failover.model.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What operators want is written, shown, and refused where it makes no sense. */
class PolicyCommandIT extends StageFixture {
    private static Stage healthy(String cluster) {
        return stage(cluster).healthy();
    }

    private static Shell.Outcome run(Stage stage, String... words) throws Exception {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--config";
        all[words.length + 1] = stage.file();
        return new Shell().run(all);
    }

    @Test
    void aPauseIsShownUntilItEndsAndMakesTheClusterNotHealthy() throws Exception {
        try (Stage stage = healthy("pausing")) {
            assertThat(run(stage, "pause").code()).as("why?").isEqualTo(2);
            assertThat(run(stage, "pause", "--reason", " ").code()).isEqualTo(2);
            assertThat(run(stage, "pause", "--reason", "cables, Ada", "--dry-run")
                            .out())
                    .startsWith("would be: automation: PAUSED (cables, Ada)");
            assertThat(run(stage, "status")).extracting("code").isEqualTo(0);
            assertThat(run(stage, "pause", "--reason", "cables, Ada").code()).isZero();
            Shell.Outcome status = run(stage, "status");
            assertThat(status.code()).isEqualTo(1);
            assertThat(status.out()).contains("the automation is paused (cables, Ada)", "dbctl resume");
            assertThat(run(stage, "resume").out()).startsWith("automation: on");
            assertThat(run(stage, "status").code()).isZero();
        }
    }

    @Test
    void aRegionInMaintenanceIsNotPromotedAndTheMasterCannotBe() throws Exception {
        try (Stage stage = healthy("maintaining")) {
            Shell.Outcome master = run(stage, "maintenance", "phx1");
            assertThat(master.code()).isEqualTo(2);
            assertThat(master.err()).contains("phx1 is master: move it away first");
            assertThat(run(stage, "maintenance", "aws3").err()).contains("no region 'aws3'", "aws1");
            assertThat(run(stage, "maintenance", "aws1").code()).isZero();
            Shell.Outcome promote = run(stage, "promote", "aws1", "--dry-run", "--force");
            assertThat(promote.code()).isEqualTo(1);
            assertThat(promote.out()).contains("aws1 is in maintenance ('dbctl maintenance aws1 --off' ends that)");
            assertThat(run(stage, "status").out()).contains("note: aws1 is in maintenance");
            assertThat(run(stage, "failover", "--yes").out()).contains("no other region is fit");
            assertThat(run(stage, "maintenance", "aws1", "--off").code()).isZero();
            assertThat(run(stage, "promote", "aws1", "--dry-run", "--force").code())
                    .isZero();
        }
    }

    @Test
    void theMostThatAFailoverMayStrandIsSetAndTold() throws Exception {
        try (Stage stage = healthy("limiting")) {
            assertThat(run(stage, "policy", "--max-stranded", "few").err()).contains("--max-stranded", "'few'");
            assertThat(run(stage, "policy", "--max-stranded", "100").code()).isZero();
            JsonNode policy =
                    new ObjectMapper().readTree(run(stage, "policy", "--json").out());
            assertThat(policy.get("maxStranded").asLong()).isEqualTo(100);
            assertThat(policy.get("paused").isNull()).isTrue();
            assertThat(run(stage, "policy", "--max-stranded", "any").out()).contains("may strand: any number");
        }
    }

    @Test
    void howLongASilentMasterIsWaitedForIsSetAndTold() throws Exception {
        try (Stage stage = healthy("holding")) {
            assertThat(run(stage, "policy", "--hold-off", "-1").err()).contains("--hold-off: from 0 to 86400 seconds");
            assertThat(run(stage, "policy").out())
                    .contains("waited for, once it is closed: 30 s, and 0 s if a majority of regions confirm");
            assertThat(run(stage, "policy", "--hold-off", "90", "--hold-off-confirmed", "60")
                            .code())
                    .isZero();
            JsonNode policy =
                    new ObjectMapper().readTree(run(stage, "policy", "--json").out());
            assertThat(policy.get("holdOffSeconds").asLong()).isEqualTo(90);
            assertThat(policy.get("holdOffConfirmedSeconds").asLong()).isEqualTo(60);
            assertThat(run(stage, "status", "--timing").out()).contains("+ 60000 ms", "else + 90000 ms");
            assertThat(run(stage, "policy", "--max-stranded", "7").out()).contains("7 transactions", "90 s, and 60 s");
        }
    }

    @Test
    void aHoldOffIsSetByTheNameOfAFailureAndShownBesideItsDefault() throws Exception {
        try (Stage stage = healthy("naming")) {
            assertThat(run(stage, "policy").out())
                    .contains("  hold-off                   default      set  the silent master")
                    .contains("  MasterIsolated                 0 s        -  a majority of regions miss")
                    .contains("  MasterStalled                600 s        -  its coordinator says")
                    .contains("  MasterUnconfirmed             30 s        -  none of these");
            Shell.Outcome set = run(
                    stage,
                    "policy",
                    "--hold-off",
                    "MasterIsolated=30s",
                    "--hold-off",
                    "masterregiongone=7",
                    "--hold-off",
                    "60s");
            assertThat(set.out())
                    .contains("  MasterIsolated                 0 s     30 s  ")
                    .contains("  MasterRegionGone               0 s      7 s  ")
                    .contains("  MasterUnconfirmed             30 s     60 s  ");
            assertThat(stage.look().policy().value().holdOff().of(Failure.MASTER_ISOLATED))
                    .isEqualTo(Duration.ofSeconds(30));
            assertThat(run(stage, "status", "--timing").out())
                    .contains("  MasterIsolated                 0 s     30 s  ")
                    .contains("MasterStalled a master in which no commit gets through gives up after 20000 ms")
                    .contains("RTO           12200 ms");
            JsonNode policy =
                    new ObjectMapper().readTree(run(stage, "policy", "--json").out());
            assertThat(policy.at("/holdOffs/2/failure").asText()).isEqualTo("MasterIsolated");
            assertThat(policy.at("/holdOffs/2/seconds").asLong()).isEqualTo(30);
            assertThat(policy.at("/holdOffs/2/defaultSeconds").asLong()).isZero();
            assertThat(policy.at("/holdOffs/2/set").asBoolean()).isTrue();
            assertThat(policy.at("/holdOffs/0/set").asBoolean()).isFalse();
            assertThat(run(stage, "policy", "--hold-off", "MasterIsolated=default", "--hold-off", "default")
                            .out())
                    .contains("  MasterIsolated                 0 s        -  ")
                    .contains("  MasterUnconfirmed             30 s        -  ");
            assertThat(run(stage, "policy", "--hold-off", "LinkBroken=30").err())
                    .contains("no silent master is taken for 'LinkBroken'", "MasterIsolated");
            assertThat(run(stage, "policy", "--hold-off", "MasterIsolated=soon").err())
                    .contains("--hold-off MasterIsolated: from 0 to 86400 seconds, not soon");
            assertThat(run(stage, "policy", "--hold-off", "86401").code()).isEqualTo(2);
        }
    }

    @Test
    void aFailoverThatIsNotConfirmedTellsWhatWouldBeLeftBehind() throws Exception {
        try (Stage stage = healthy("asking")) {
            Shell.Outcome outcome = run(stage, "failover", "aws1");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.out())
                    .contains("nothing was done: say --yes to take epoch 1 from phx1", "1 transactions")
                    .contains("'dbctl promote' would lose nothing");
            assertThat(stage.look().plans()).isEmpty();
            Shell.Outcome ordered = run(stage, "failover", "aws1", "--yes", "--force", "--timeout", "1");
            assertThat(ordered.out())
                    .startsWith("known to be only at phx1: 1 transactions (" + Stage.PHX1)
                    .contains("not done within 1 s; the order was called off");
            assertThat(run(stage, "failover", "phx1", "--yes").out()).contains("refused", "phx1 is the master");
            assertThat(run(stage, "failover", "nowhere").code()).isEqualTo(2);
        }
    }
}

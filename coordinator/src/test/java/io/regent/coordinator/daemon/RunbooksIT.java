package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.http.DecisionRecord;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.Ports;
import io.regent.sql.session.Statements;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that a runbook tells to type works, and {@code why} tells what happened. */
class RunbooksIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String GTID = "00000000-0000-0000-0000-000000000007:7";

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Path file;
    private static final Map<String, Daemon> daemons = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        Map<String, String> listening = new HashMap<>();
        for (String region : ThreeRegions.NAMES) {
            listening.put("coordinator " + region, "127.0.0.1:" + Ports.free());
        }
        file = regions.file("listening", listening);
        for (String region : ThreeRegions.NAMES) {
            daemons.put(region, regions.start(region, region + "-1", file));
        }
        regions.awaitOpen("phx1", SOON);
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    /** What a human is told in the night in which the automation kept its hands off. */
    @Test
    void whyTellsWhyItDidNotFailOver() throws Exception {
        regions.write("phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        regions.awaitEqual(SOON);
        Daemon holder = Objects.requireNonNull(daemons.get("phx1"));
        try (Connection aws1 = regions.mysql("aws1").sessions().open();
                Connection aws2 = regions.mysql("aws2").sessions().open()) {
            for (Connection region : List.of(aws1, aws2)) {
                Statements.execute(region, "LOCK TABLES app.t READ"); // nobody has what the master writes now
            }
            regions.write("phx1", "INSERT INTO app.t VALUES (1)", "INSERT INTO app.t VALUES (2)");
            GtidSet written = regions.executed("phx1");
            await().atMost(SOON).until(() -> reported("phx1").contains(written));
            does("policy", "--hold-off", "600", "--hold-off-confirmed", "500");
            does("pause", "--reason", "cables, Ada");
            holder.close();
            awaitWhy("phx1 has not renewed for", "it is waited for another");
            does("policy", "--hold-off", "0", "--hold-off-confirmed", "0");
            awaitWhy("and the automation is paused (cables, Ada): 'dbctl resume'");
            does("policy", "--max-stranded", "1");
            does("resume");
            awaitWhy("transactions would be stranded, more than 1: 'dbctl failover'");
            does("maintenance", "aws1");
            does("maintenance", "aws2");
            does("policy", "--max-stranded", "any");
            awaitWhy("and no other region is fit");
            assertThat(regions.master()).isEqualTo("phx1");
        }
        daemons.put("phx1", regions.start("phx1", "phx1-1", file));
        await().atMost(SOON)
                .until(() -> regions.query("phx1", "SELECT @@global.read_only").equals("0"));
        does("policy", "--hold-off", "30");
        does("maintenance", "aws1", "--off");
        does("maintenance", "aws2", "--off");
        regions.awaitEqual(SOON);
    }

    private static GtidSet reported(String region) {
        Znode<Report> report = regions.cluster().region(region).report();
        return report == null ? GtidSet.EMPTY : report.value().executed();
    }

    private static void does(String... words) {
        Shell.Outcome outcome = run(List.of(words));
        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
    }

    private static void awaitWhy(String... reasons) {
        await().atMost(SOON).untilAsserted(() -> {
            Shell.Outcome why = run(List.of("why", "--last", "100"));
            assertThat(why.out()).contains(reasons).contains("(phx1)");
            assertThat(why.code()).isEqualTo(1);
        });
    }

    private static Shell.Outcome run(List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--config", file.toString()));
        return new Shell().run(all.toArray(String[]::new));
    }

    @Test
    void everyCommandOfEveryRunbookIsUnderstoodAndAnswers() throws IOException {
        TreeSet<String> commands = new TreeSet<>();
        TreeSet<String> holdOffs = new TreeSet<>();
        for (RunbookPage page : RunbookPage.all()) {
            commands.addAll(page.commands());
            holdOffs.addAll(page.holdOffs());
        }
        assertThat(commands).hasSizeGreaterThan(11);
        assertThat(holdOffs).hasSizeGreaterThan(4);
        commands.addAll(holdOffs);
        for (String command : commands) {
            Shell.Outcome outcome = RunbookPage.type(command.replace("GTID", GTID), "aws1", file);
            assertThat(outcome.code())
                    .as("dbctl " + command + "\n" + outcome.out() + outcome.err())
                    .isIn(0, 1);
            assertThat(outcome.out()).as(command).isNotBlank();
        }
    }

    @Test
    void whyTellsWhatIsWrongAndWhatWasDecidedAboutIt() throws Exception {
        // Nothing is wrong with links that still connect, either.
        await().atMost(SOON).untilAsserted(() -> {
            Shell.Outcome well = run(List.of("why", "--last", "100"));
            assertThat(well.out()).startsWith("nothing is wrong").contains("own MySQL OPEN", "link from phx1 running");
            assertThat(well.code()).isZero();
        });
        regions.mysql("aws2").kill();
        await().atMost(SOON).untilAsserted(() -> {
            Shell.Outcome outcome = run(List.of("why", "--json"));
            assertThat(outcome.code()).isEqualTo(1);
            JsonNode json = new ObjectMapper().readTree(outcome.out());
            assertThat(json.at("/findings/0/failure").asText()).isEqualTo("RegionMySqlDown");
            assertThat(json.at("/findings/0/region").asText()).isEqualTo("aws2");
        });
        assertThat(run(List.of("status")).out()).contains("diagnosis: RegionMySqlDown aws2");
        regions.mysql("aws2").start();
        await().atMost(SOON).until(() -> run(List.of("why")).code() == 0);
        JsonNode decisions = new ObjectMapper()
                .readTree(run(List.of("why", "aws2", "--json", "--last", "100")).out())
                .get("decisions");
        assertThat(DecisionRecord.parse(decisions.toString()))
                .allMatch(decision -> decision.region().equals("aws2"))
                .anyMatch(decision -> decision.reason().contains("goes to STANDBY"));
        assertThat(run(List.of("why", "aws3")).code()).isEqualTo(2);
    }
}

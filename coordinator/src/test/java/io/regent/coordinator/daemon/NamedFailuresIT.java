package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.zookeeper.Proxy;
import io.regent.sql.local.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A failure is called by its name, with who saw it, and every command of its runbook answers while it lasts. Coordinators ask
 * each other over HTTP; {@code dbctl} asks all but that of phx1, and learns of it what the others hear and what ZooKeeper has.
 */
class NamedFailuresIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Proxy zookeeper;
    private static Path file;
    private static final Map<String, String> listening = new HashMap<>();
    private static final Map<String, Daemon> daemons = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        zookeeper = new Proxy(regions.zookeeper.getPort());
        for (String region : ThreeRegions.NAMES) {
            listening.put("coordinator " + region, "127.0.0.1:" + Ports.free());
        }
        Map<String, String> asked = new HashMap<>(listening);
        asked.remove("coordinator phx1");
        file = regions.file("asked", asked);
        for (String region : ThreeRegions.NAMES) {
            start(region);
        }
        regions.awaitOpen("phx1", SOON);
        assertThat(type("pause --reason rehearsal").code()).isZero(); // nobody takes over: what is seen stays
    }

    private static void start(String region) throws Exception {
        Map<String, String> own = new HashMap<>(listening);
        if (region.equals("phx1")) {
            own.put("zookeeper", zookeeper.address());
        }
        daemons.put(region, regions.start(region, region + "-1", regions.file(region, own)));
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
        zookeeper.close();
    }

    @Test
    void aMasterWhoseMysqldIsDeadIsNamedByWhatItsCoordinatorWrote() throws Exception {
        awaitPaused();
        regions.mysql("phx1").kill();
        JsonNode finding = awaitNamed("MasterMySqlDown", "phx1");
        assertThat(finding.at("/by/0/who").asText()).isEqualTo("phx1");
        assertThat(finding.at("/by/0/from").asText()).isEqualTo("written");
        assertThat(finding.at("/certain").asBoolean()).isTrue();
        everyCommandAnswers("MasterMySqlDown", "phx1");
        regions.mysql("phx1").start();
        regions.awaitOpen("phx1", SOON);
        awaitPaused();
    }

    @Test
    void aCoordinatorThatEndedIsNamedForCertainOnceNobodyGetsAnAnswerFromIt() throws Exception {
        awaitPaused();
        Objects.requireNonNull(daemons.remove("aws2")).close();
        await().atMost(SOON)
                .until(() -> awaitNamed("CoordinatorGoneMySqlFine", "aws2")
                        .at("/certain")
                        .asBoolean());
        everyCommandAnswers("CoordinatorGoneMySqlFine", "aws2");
        start("aws2");
        awaitPaused();
    }

    @Test
    void aMasterThatLostZooKeeperAndAnswersTheOthersIsIsolatedAndNotGone() throws Exception {
        awaitPaused();
        zookeeper.loseAnswers();
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode finding = awaitNamed("MasterIsolated", "phx1");
            assertThat(finding.at("/seen").asText())
                    .startsWith("its coordinator answers aws1 and aws2, and has no ZooKeeper session");
            assertThat(finding.at("/certain").asBoolean()).isFalse();
        });
        assertThat(awaitNamed("NoQuorum", "phx1").at("/by/0/from").asText()).isEqualTo("hearsay");
        Shell.Outcome status = type("status");
        assertThat(status.out())
                .contains("diagnosis: MasterIsolated phx1, seen by ZooKeeper (now), aws1 (itself, ", "NOT SURE");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(type("why --last 100").out())
                        .as("the rules hear nobody, and its MySQL is read though it has closed itself")
                        .contains(" ms (CoordinatorGoneMySqlFine), and the automation is paused (rehearsal)"));
        everyCommandAnswers("MasterIsolated", "phx1");
        zookeeper.cutAndHeal();
        regions.awaitOpen("phx1", SOON);
        awaitPaused();
    }

    /** What is wrong is that it is paused, and nothing else; all hear each other. */
    private static void awaitPaused() {
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode findings = json("why").at("/findings");
            assertThat(findings).as(findings.toString()).hasSize(1);
            assertThat(findings.at("/0/failure").asText()).isEqualTo("AutomationPaused");
            assertThat(heard("aws1")).isEqualTo("[\"aws2\",\"phx1\"]");
            assertThat(heard("aws2")).isEqualTo("[\"aws1\",\"phx1\"]");
        });
    }

    private static String heard(String by) throws Exception {
        for (JsonNode region : json("status").at("/regions")) {
            if (region.path("region").asText().equals(by)) {
                return region.at("/coordinator/status/heard/answering").toString();
            }
        }
        return "";
    }

    private static JsonNode awaitNamed(String failure, String region) {
        JsonNode[] found = new JsonNode[1];
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode findings = json("why").at("/findings");
            for (JsonNode finding : findings) {
                if (finding.path("failure").asText().equals(failure)
                        && finding.path("region").asText().equals(region)) {
                    found[0] = finding;
                    return;
                }
            }
            assertThat(findings).as(findings.toString()).isEmpty();
            assertThat(found[0]).as(failure).isNotNull();
        });
        return found[0];
    }

    private static JsonNode json(String command) throws Exception {
        return new ObjectMapper().readTree(type(command + " --json").out());
    }

    private static void everyCommandAnswers(String failure, String region) throws Exception {
        RunbookPage.of(failure).everyCommandAnswers(region, file);
        awaitNamed(failure, region);
    }

    private static Shell.Outcome type(String command) {
        return RunbookPage.type(command, "phx1", file);
    }
}

package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.zookeeper.Proxy;
import io.regent.sql.local.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
    private static final Duration RELAYED = Duration.ofSeconds(5);

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Proxy zookeeper;
    private static Proxy fromPhx1ToAws1;
    private static Path file;
    private static final Map<String, String> listening = new HashMap<>();
    private static final Map<String, Daemon> daemons = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        zookeeper = new Proxy(regions.zookeeper.getPort());
        fromPhx1ToAws1 = new Proxy(regions.mysql("phx1").address().port());
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
        } else if (region.equals("aws1")) {
            own.put("phx1", fromPhx1ToAws1.address());
        }
        daemons.put(region, regions.start(region, region + "-1", regions.file(region, own)));
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
        zookeeper.close();
        fromPhx1ToAws1.close();
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

    @Test
    void whatTheMasterWritesReachesARegionThatIsCutOffFromItAloneByWayOfTheThird() throws Exception {
        awaitPaused();
        regions.write(
                "phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT, a INT)"); // no key: what comes twice stays
        regions.awaitEqual(SOON);
        fromPhx1ToAws1.cut();
        long cut = System.nanoTime();
        regions.write(
                "phx1", "INSERT INTO app.t VALUES (1, 1), (2, 1)", "ALTER TABLE app.t ADD COLUMN b INT DEFAULT 7");
        await().atMost(SOON).untilAsserted(() -> assertThat(written("aws1")).isEqualTo(2));
        assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(RELAYED);
        for (int i = 3; i <= 40; i++) {
            regions.write(
                    "phx1", "INSERT INTO app.t VALUES (" + i + ", 1, 1)", "UPDATE app.t SET a = a + 1 WHERE id = " + i);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(written("aws1")).isEqualTo(40));
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode link = linkFromPhx1();
            assertThat(link.path("relay").asText()).as("%s", link).isEqualTo("aws2");
            assertThat(link.path("lagMillis").isNull()).as("%s", link).isFalse();
        });
        assertThat(type("status").out()).contains("relayed by aws2");
        assertThat(awaitNamed("MasterUnreachableFromSome", "phx1").at("/seen").asText())
                .contains("aws1");
        assertThat(awaitNamed("LinkBroken", "aws1").at("/seen").asText()).contains("aws1<-phx1", "relayed by aws2");
        assertThat(replica("30")).isEqualTo(200);
        assertThat(replica("0"))
                .as("nobody knows that it is not a moment behind")
                .isEqualTo(503);
        fromPhx1ToAws1.heal();
        for (int i = 41; i <= 80; i++) {
            regions.write("phx1", "INSERT INTO app.t VALUES (" + i + ", 1, 1)");
        }
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode link = linkFromPhx1();
            assertThat(link.path("state").asText()).as("%s", link).isEqualTo("running");
            assertThat(link.path("relay").isNull()).as("%s", link).isTrue();
        });
        regions.awaitEqual(SOON);
        regions.verify();
        assertThat(written("aws1")).isEqualTo(80);
        awaitPaused();
    }

    private static int written(String region) throws Exception {
        return Integer.parseInt(regions.query(region, "SELECT COUNT(*) FROM app.t"));
    }

    private static JsonNode linkFromPhx1() throws Exception {
        for (JsonNode region : json("status").at("/regions")) {
            for (JsonNode link : region.at("/coordinator/status/links")) {
                if (region.path("region").asText().equals("aws1")
                        && link.path("source").asText().equals("phx1")) {
                    return link;
                }
            }
        }
        return MissingNode.getInstance();
    }

    /** What a load balancer hears of aws1. */
    private static int replica(String lag) throws Exception {
        URI uri = URI.create("http://" + listening.get("coordinator aws1") + "/replica?lag=" + lag);
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
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
        RunbookPage page = RunbookPage.of(failure);
        assertThat(page.commands()).isNotEmpty();
        for (String command : page.commands()) {
            Shell.Outcome outcome = RunbookPage.type(command, region, file);
            assertThat(outcome.code())
                    .as("dbctl " + command + "\n" + outcome.out() + outcome.err())
                    .isIn(0, 1);
            assertThat(outcome.out()).as(command).isNotBlank();
        }
        awaitNamed(failure, region);
    }

    private static Shell.Outcome type(String command) {
        return RunbookPage.type(command, "phx1", file);
    }
}

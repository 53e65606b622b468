package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.regent.coordinator.cli.Shell;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.Ports;
import io.regent.sql.session.Statements;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three regions, one of which lacks a row that somebody removed by hand: its link stops, and is let past by an operator. */
class SkipIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ROWS = "SELECT GROUP_CONCAT(CONCAT(id, '=', a) ORDER BY id) FROM app.t";

    private ThreeRegions regions;
    private Path file;
    private final Map<String, String> listening = new HashMap<>();

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        regions = new ThreeRegions(directory);
        for (String region : ThreeRegions.NAMES) {
            listening.put("coordinator " + region, "127.0.0.1:" + Ports.free());
        }
        file = regions.file("listening", listening);
        for (String region : ThreeRegions.NAMES) {
            regions.start(region, region + "-1", file);
        }
        regions.awaitOpen("phx1", SOON);
        regions.write(
                "phx1",
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY, a INT)",
                "INSERT INTO app.t VALUES (1, 10), (2, 20)");
        regions.awaitEqual(SOON);
    }

    @AfterEach
    void close() throws Exception {
        regions.close();
    }

    private Shell.Outcome dbctl(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", file.toString()));
        return new Shell().run(all.toArray(String[]::new));
    }

    private void quietly(String region, String... statements) throws SQLException {
        try (Connection root = regions.mysql(region).sessions().open()) {
            Statements.execute(root, "SET sql_log_bin=0");
            for (String sql : statements) {
                Statements.execute(root, sql);
            }
        }
    }

    /** An update of all rows, of which one is missing at aws1, and a row behind it. */
    private String poison() throws Exception {
        quietly("aws1", "DELETE FROM app.t WHERE id=2");
        GtidSet before = regions.executed("phx1");
        regions.write("phx1", "UPDATE app.t SET a=a+1");
        GtidSet written = regions.executed("phx1").subtract(before); // perhaps with a probe of its coordinator
        regions.write("phx1", "INSERT INTO app.t VALUES (3, 30)");
        await().atMost(SOON).untilAsserted(() -> assertThat(stoppedAt()).isNotEmpty());
        assertThat(written.contains(Gtid.parse(stoppedAt()))).isTrue();
        return stoppedAt();
    }

    private String stoppedAt() throws Exception {
        return link("aws1", "phx1").at("/stopped/gtid").asText();
    }

    private JsonNode link(String target, String source) throws Exception {
        JsonNode status = new ObjectMapper().readTree(dbctl("status", "--json").out());
        for (JsonNode region : status.at("/regions")) {
            if (region.path("region").asText().equals(target)) {
                for (JsonNode link : region.at("/coordinator/status/links")) {
                    if (link.path("source").asText().equals(source)) {
                        return link;
                    }
                }
            }
        }
        return MissingNode.getInstance();
    }

    /** The failed link says nothing of an open master; a probe says that it answers, and not that it is followed. */
    private void isSeenThoughItsLinkFailed() {
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode why = new ObjectMapper().readTree(dbctl("why", "--json").out());
            assertThat(why.at("/findings").findValuesAsText("failure")).containsExactly("LinkBroken");
            String status = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://" + listening.get("coordinator aws1") + "/status"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            JsonNode reach = new ObjectMapper().readTree(status).path("reach");
            assertThat(reach.toString())
                    .isEqualTo("{\"reached\":[\"aws2\",\"phx1\"],\"unreached\":[],\"behind\":[\"phx1\"]}");
            assertThat(metrics("aws1")).contains("failure=\"LinkBroken\",region=\"aws1\"} 1.0");
        });
    }

    private static void refused(Shell.Outcome outcome, int code, String why) {
        assertThat(outcome.out() + outcome.err()).contains(why);
        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isEqualTo(code);
    }

    private String metrics(String region) throws Exception {
        URI uri = URI.create("http://" + listening.get("coordinator " + region) + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void aLinkIsLetPastAndItsRegionDiffersUntilItIsMadeEqual() throws Exception {
        GtidSet everywhere = regions.executed("aws1");
        String gtid = poison();
        isTold(gtid);
        isSeenThoughItsLinkFailed();
        isRefused(gtid, everywhere.first(1).get(0).toString());

        Shell.Outcome done = dbctl("link", "skip", gtid, "--why", "removed by hand, Ada", "--yes");
        assertThat(done.code()).as(done.out() + done.err()).isZero();
        assertThat(done.out())
                .contains("before: id=2, a=20", "after:  id=2, a=21", "have it, and keep it: phx1, aws2")
                .contains("and lack all that it changes: aws1");
        regions.awaitEqual(SOON);
        assertThat(regions.query("aws1", ROWS)).isEqualTo("1=10,3=30");
        assertThat(regions.query("phx1", ROWS)).isEqualTo("1=11,2=21,3=30");
        assertThat(regions.query("aws2", ROWS)).isEqualTo("1=11,2=21,3=30");
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(link("aws1", "phx1").path("state").asText()).isEqualTo("running"));
        assertThat(metrics("aws1")).doesNotContain("regent_link_stopped{");
        assertThat(dbctl("link", "skips").out()).contains(gtid, "removed by hand, Ada", "aws1<-phx1", "id=2, a=20");
        assertThat(dbctl("history").out()).contains(gtid + " skipped by operator ");
        refused(dbctl("link", "skip", gtid, "--why", "again", "--yes"), 0, "skipped before");

        String differs = "data is known to differ between phx1, aws1, aws2: 2 rows";
        refused(dbctl("promote", "aws1", "--dry-run"), 1, differs);
        refused(dbctl("verify", "-q"), 1, "NOT EQUAL");
        refused(dbctl("promote", "aws1", "--dry-run"), 1, "data is known to differ");
        quietly("aws1", "UPDATE app.t SET a=11 WHERE id=1", "INSERT INTO app.t VALUES (2, 21)");
        refused(dbctl("verify", "-q"), 0, "equal");
        Shell.Outcome free = dbctl("promote", "aws1", "--dry-run");
        assertThat(free.out() + free.err()).doesNotContain("known to differ");
    }

    private void isTold(String gtid) throws Exception {
        Shell.Outcome status = dbctl("status");
        assertThat(status.out())
                .contains(
                        "link aws1<-phx1: failed",
                        "aws1<-phx1 stopped at " + gtid + ": UPDATE of app.t (id=2), error 1032")
                .contains("before: id=2, a=20", "after:  id=2, a=21", "dbctl link skip " + gtid + " --why TEXT");
        assertThat(status.code()).isEqualTo(1);
        assertThat(dbctl("why").out()).contains("LinkBroken", gtid, "UPDATE of app.t (id=2)");
        assertThat(metrics("aws1"))
                .containsPattern("regent_link_stopped\\{[^}]*error=\"1032\"[^}]*gtid=\"" + gtid
                        + "\"[^}]*key=\"id=2\"[^}]*source=\"phx1\"[^}]*table=\"app.t\"[^}]*\\} 1");
    }

    private void isRefused(String gtid, String everywhere) {
        String other = gtid.substring(0, gtid.indexOf(':') + 1) + 999_999;
        refused(dbctl("link", "skip", other, "--why", "x", "--yes"), 1, "no link is stopped at " + other);
        refused(dbctl("link", "skip", everywhere, "--why", "x", "--yes"), 1, "executed in every region");
        refused(dbctl("link", "skip", gtid, "--why", "x", "--region", "aws2", "--yes"), 1, "into aws2 is not stopped");
        refused(dbctl("link", "skip", gtid, "--yes"), 2, "--why");
        refused(dbctl("link", "skip", "812", "--why", "x", "--yes"), 2, "not a GTID");
        refused(dbctl("link", "skip", gtid, "--why", "x"), 1, "not confirmed");
        refused(dbctl("link", "skip", gtid, "--why", "x", "--dry-run"), 0, "nothing was changed");
        assertThat(dbctl("link", "skips").out()).contains("no transaction was skipped");
    }

    @Test
    void whatFollowsIsHeldBackByNameAndComesOnceItIsSkipped() throws Exception {
        String gtid = poison();
        RunbookPage.of("LinkBroken").everyCommandAnswers("aws1", gtid, file);
        regions.promote("aws2");
        regions.awaitOpen("aws2", SOON);
        regions.write("aws2", "INSERT INTO app.t VALUES (4, 40)");
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode waiting = link("aws1", "aws2");
            assertThat(waiting.path("state").asText()).isEqualTo("waiting");
            assertThat(waiting.path("detail").asText())
                    .contains("; link aws1<-phx1 is to bring it, and stopped at it: " + gtid
                            + ", UPDATE of app.t (id=2)");
        });
        RunbookPage.of("LinkBlocked").everyCommandAnswers("aws1", file);
        Shell.Outcome done =
                dbctl("link", "skip", gtid, "--why", "removed by hand", "--region", "aws1", "--yes", "--json");
        assertThat(done.code()).as(done.out() + done.err()).isZero();
        JsonNode told = new ObjectMapper().readTree(done.out());
        assertThat(told.at("/skip/report/row/before").asText()).isEqualTo("id=2, a=20");
        assertThat(told.at("/skip/executedBy").toString())
                .contains("phx1", "aws2")
                .doesNotContain("aws1");
        regions.awaitEqual(SOON);
        assertThat(regions.query("aws1", ROWS)).isEqualTo("1=10,3=30,4=40");
        assertThat(regions.query("phx1", ROWS)).isEqualTo("1=11,2=21,3=30,4=40");
    }
}

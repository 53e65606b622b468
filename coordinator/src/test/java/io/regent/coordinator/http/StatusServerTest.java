package io.regent.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.http.CoordinatorStatus.Mastership;
import io.regent.coordinator.http.CoordinatorStatus.Server;
import io.regent.failover.model.WriteState;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatusServerTest {
    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final List<String> PATHS = List.of(
            "/primary",
            "/master",
            "/read-write",
            "/replica",
            "/replica?lag=1",
            "/read-only",
            "/read-only?lag=1",
            "/health",
            "/liveness",
            "/readiness",
            "/status");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static StatusServer server;
    private static volatile CoordinatorStatus now = Statuses.primary();

    @BeforeAll
    static void start() throws Exception {
        server = StatusServer.start("127.0.0.1", 0, BOUND, () -> now, Statuses::nobodyWaits);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Which of {@link #PATHS} say yes, as one letter each: y or n. */
    private static final Map<CoordinatorStatus, String> ANSWERS = new LinkedHashMap<>();

    static {
        Server open = Statuses.primary().server();
        Server diverged = new Server(
                "10.0.0.2:3306", WriteState.STANDBY, false, 0, 3, Statuses.EXECUTED, Statuses.EXECUTED, 0, "");
        Server behind = new Server("10.0.0.2:3306", WriteState.STANDBY, false, 0, 2, Statuses.EXECUTED, "", 0, "");
        CoordinatorStatus replica = Statuses.replica("running", 900L);
        ANSWERS.put(Statuses.primary(), "yyy" + "nn" + "yy" + "yyyy");
        ANSWERS.put(replica, "nnn" + "yy" + "yy" + "yyyy");
        ANSWERS.put(Statuses.replica("waiting", 1001L), "nnn" + "yn" + "yn" + "yyyy");
        ANSWERS.put(Statuses.replica("running", null), "nnn" + "yn" + "yn" + "yyyy");
        ANSWERS.put(Statuses.replica("failed", 0L), "nnn" + "nn" + "nn" + "yyyy");
        ANSWERS.put(Statuses.replica("connecting", null), "nnn" + "nn" + "nn" + "yyyy");
        ANSWERS.put(Statuses.relayed(900L), "nnn" + "yy" + "yy" + "yyyy");
        ANSWERS.put(Statuses.relayed(null), "nnn" + "yn" + "yn" + "yyyy");
        ANSWERS.put(Statuses.server(diverged), "nnn" + "nn" + "nn" + "yyyy");
        ANSWERS.put(Statuses.server(behind), "nnn" + "yy" + "yy" + "yyny");
        // Open, and the lease is over: the loop has not closed it yet.
        ANSWERS.put(
                Statuses.server(new Server(open.mysql(), WriteState.OPEN, false, 0, 3, Statuses.EXECUTED, "", 0, "")),
                "nnn" + "nn" + "nn" + "yyyy");
        ANSWERS.put(Statuses.in(WriteState.SEALED), "nnn" + "nn" + "nn" + "yyyy");
        ANSWERS.put(Statuses.in(WriteState.UNREACHABLE), "nnn" + "nn" + "nn" + "nyny");
        ANSWERS.put(Statuses.seenBefore(replica, 2001), "nnn" + "yy" + "yy" + "ynny");
        ANSWERS.put(
                Statuses.with(replica, new Mastership("no connection", 3L, "phx1", null, false)),
                "nnn" + "yy" + "yy" + "yyny");
        ANSWERS.put(
                Statuses.with(replica, new Mastership("no connection", null, null, null, false)),
                "nnn" + "nn" + "nn" + "yyny");
    }

    @Test
    void everyPathAnswersEveryStateAlikeByGetHeadAndOptions() throws Exception {
        for (Map.Entry<CoordinatorStatus, String> expected : ANSWERS.entrySet()) {
            now = expected.getKey();
            for (String method : List.of("GET", "HEAD", "OPTIONS")) {
                StringBuilder codes = new StringBuilder();
                for (String path : PATHS) {
                    HttpResponse<String> answer = ask(method, path);
                    codes.append(answer.statusCode() == 200 ? "y" : answer.statusCode() == 503 ? "n" : "?");
                    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
                    assertThat(answer.body().isEmpty()).isEqualTo(method.equals("HEAD"));
                }
                assertThat(codes.toString()).as("%s of %s", method, now).isEqualTo(expected.getValue());
            }
        }
    }

    @Test
    void aPrimarySaysWhoItIsAndAnotherRegionWhyItIsNotAndWhoIsMaster() throws Exception {
        now = Statuses.primary();
        assertThat(ask("GET", "/primary").body())
                .isEqualTo("{\"region\":\"phx1\",\"mysql\":\"10.0.0.1:3306\",\"epoch\":3}");
        now = Statuses.replica("running", 0L);
        assertThat(ask("GET", "/primary").body())
                .isEqualTo("{\"reason\":\"not open for writes: nothing to do\",\"master\":\"phx1\"}");
        now = Statuses.with(now, new Mastership("no connection", null, null, null, false));
        assertThat(ask("GET", "/replica").body()).isEqualTo("{\"reason\":\"no master is known\"}");
    }

    @Test
    void theStatusIsOneFlatObjectThatIsReadBackEvenWithFieldsOfALaterVersion() throws Exception {
        now = Statuses.replica("running", 12L);
        String json = ask("GET", "/status").body();
        JsonNode fields = new ObjectMapper().readTree(json);
        assertThat(fields.fieldNames())
                .toIterable()
                .contains("cluster", "region", "coordinator", "active", "controller", "incarnation", "mysql")
                .contains("writeState", "primary", "leaseMillisLeft", "epoch", "recordedEpoch", "master", "closing")
                .contains("released", "zookeeper", "executed", "diverged", "phase", "reason", "links", "since");
        assertThat(fields.get("links").get(0).get("lagMillis").asLong()).isEqualTo(12);
        assertThat(CoordinatorStatus.parse(json)).isEqualTo(now);
        assertThat(CoordinatorStatus.parse(json.replaceFirst("\\{", "{\"later\":1,")))
                .isEqualTo(now);
        assertThat(CoordinatorStatus.parse(json.replaceFirst(",\"settings\":\"\"", "")))
                .as("of an earlier version")
                .isEqualTo(now);
        assertThatThrownBy(() -> CoordinatorStatus.parse("{}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void metricsAreTheStatusInNumbersAndALinkThatIsGoneIsGoneFromThem() throws Exception {
        now = Statuses.replica("running", 1500L);
        HttpResponse<String> answer = ask("GET", "/metrics");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        String who = "{cluster=\"identity\",coordinator=\"aws1-a\",region=\"aws1\"";
        assertThat(answer.body())
                .contains(
                        "# HELP regent_primary ",
                        "regent_primary" + who + "} 0.0",
                        "regent_epoch" + who + "} 3.0",
                        "regent_write_state" + who + ",state=\"standby\"} 1.0",
                        "regent_write_state" + who + ",state=\"open\"} 0.0",
                        "regent_executed_transactions" + who + "} 5.0",
                        "regent_link_up" + who + ",source=\"phx1\"} 1.0",
                        "regent_link_lag_seconds" + who + ",source=\"phx1\"} 1.5",
                        "jvm_memory_used_bytes");
        now = Statuses.primary();
        assertThat(ask("GET", "/metrics").body())
                .contains("regent_primary{cluster=\"identity\",coordinator=\"phx1-a\",region=\"phx1\"} 1.0")
                .doesNotContain("regent_link_up{", "region=\"aws1\"");
    }

    @Test
    void aLagThatIsNoNumberIsSaidToBeWrong() throws Exception {
        for (String lag : List.of("10MB", "", "-1", "1e3")) {
            HttpResponse<String> answer = ask("GET", "/replica?lag=" + lag);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("number of seconds");
        }
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(ask("GET", "/leader").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/primary").statusCode()).isEqualTo(405);
    }

    @Test
    void aStatusThatCannotBeHadIsANo() throws Exception {
        Supplier<CoordinatorStatus> none = () -> {
            throw new IllegalStateException("not yet");
        };
        StatusServer broken = StatusServer.start("127.0.0.1", 0, BOUND, none, Statuses::nobodyWaits);
        try (broken) {
            HttpResponse<String> answer = ask("GET", broken.port(), "/primary");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("the coordinator cannot tell", "not yet");
        }
    }

    @Test
    void aPortThatIsTakenIsNamedAndAClosedServerGivesItBackAtOnce() throws Exception {
        StatusServer first = StatusServer.start("127.0.0.1", 0, BOUND, Statuses::primary, Statuses::nobodyWaits);
        int port = first.port();
        assertThatThrownBy(() -> StatusServer.start("127.0.0.1", port, BOUND, Statuses::primary, Statuses::nobodyWaits))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + port);
        ask("GET", port, "/status"); // leaves a connection that is kept alive
        long begun = System.nanoTime();
        first.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        StatusServer.start("127.0.0.1", port, BOUND, Statuses::primary, Statuses::nobodyWaits)
                .close();
    }

    private static HttpResponse<String> ask(String method, String path) throws Exception {
        return ask(method, server.port(), path);
    }

    private static HttpResponse<String> ask(String method, int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    @Test
    void theHistoryTellsEachMastershipWithWhatIsKnownOfIt() throws Exception {
        GtidSet cut = GtidSet.parse(Statuses.EXECUTED);
        Instant at = Instant.parse("2026-11-29T04:33:39.701Z");
        server.serveHistory(() -> List.of(
                new io.regent.sql.schema.Mastership(
                        1, "phx1", Optional.empty(), "founded", "dbctl init", at, Optional.empty(), cut),
                new io.regent.sql.schema.Mastership(
                        2,
                        "aws1",
                        Optional.of("phx1"),
                        "phx1 was silent",
                        "aws2/one",
                        at,
                        Optional.of(Duration.ofMillis(5_300)),
                        cut)));
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/history");
        String body = CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
        JsonNode rows = new ObjectMapper().readTree(body);
        assertThat(rows).hasSize(2);
        assertThat(rows.at("/0/from").isNull()).isTrue();
        assertThat(rows.at("/0/pauseMillis").isNull()).isTrue();
        assertThat(rows.at("/1/from").asText()).isEqualTo("phx1");
        assertThat(rows.at("/1/to").asText()).isEqualTo("aws1");
        assertThat(rows.at("/1/pauseMillis").asLong()).isEqualTo(5_300);
        assertThat(rows.at("/1/reason").asText()).isEqualTo("phx1 was silent");
        assertThat(rows.at("/1/openedAt").asText()).isEqualTo(at.toString());
        assertThat(rows.at("/1/cut").asText()).isEqualTo(cut.toString());
    }
}

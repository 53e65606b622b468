package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.sql.client.AwaitReplicated;
import io.regent.sql.client.Replication;
import io.regent.sql.client.Replication.NotYet;
import io.regent.sql.client.Replication.Replicated;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Tsid;
import io.regent.sql.local.Ports;
import io.regent.sql.session.Statements;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three regions that replicate; what each of them has of what phx1 commits is asked of coordinators and of dbctl. */
class WaitIT {
    private static final Logger LOG = LoggerFactory.getLogger(WaitIT.class);
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int MANY = 200;
    private static final int ROUNDS = 60;
    private static final long LOOK_NANOS = 200_000;
    private static final String INSERT = "INSERT INTO app.held VALUES ()";

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static final Map<String, Integer> PORTS = new HashMap<>();

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        String text = Files.readString(regions.file());
        for (String region : ThreeRegions.NAMES) {
            PORTS.put(region, Ports.free());
            String mysql = "\"" + regions.mysql(region).address() + "\"";
            text = text.replace(mysql, mysql + ", coordinator: \"127.0.0.1:" + PORTS.get(region) + "\"");
        }
        Path file = Files.writeString(directory.resolve("wait.yaml"), text);
        for (String region : ThreeRegions.NAMES) {
            regions.start(region, region + "-1", file);
        }
        regions.awaitOpen("phx1", SOON);
        regions.write(
                "phx1", "CREATE DATABASE app", "CREATE TABLE app.held (id INT AUTO_INCREMENT PRIMARY KEY)", INSERT);
        regions.awaitEqual(SOON);
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    /** What the region committed last. */
    private static String last(String region) throws Exception {
        Tsid own = Tsid.of(UUID.fromString(regions.query(region, "SELECT @@server_uuid")));
        return new Gtid(own, regions.executed(region).last(own).orElseThrow()).toString();
    }

    private static String write() throws Exception {
        regions.write("phx1", INSERT);
        return last("phx1");
    }

    private static URI coordinator(String region) {
        return URI.create("http://127.0.0.1:" + PORTS.get(region));
    }

    private CompletableFuture<HttpResponse<String>> ask(String region, String gtid, int others, String timeout) {
        URI uri = coordinator(region).resolve("/wait?gtid=" + gtid + "&regions=" + others + "&timeout=" + timeout);
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static JsonNode answer(int code, CompletableFuture<HttpResponse<String>> asked) throws Exception {
        HttpResponse<String> response = asked.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        return new ObjectMapper().readTree(response.body());
    }

    private static Shell.Outcome dbctl(String... words) {
        List<String> all =
                new ArrayList<>(List.of("wait", "--config", regions.file().toString()));
        all.addAll(Arrays.asList(words));
        return new Shell().run(all.toArray(String[]::new));
    }

    @Test
    void itWaitsUntilTheLinkHasDeliveredAndEveryCoordinatorSaysTheSame() throws Exception {
        String gtid;
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        try (Connection holding = regions.mysql("aws2").sessions().open()) {
            Statements.execute(holding, "LOCK TABLES app.held WRITE");
            gtid = write();
            for (String region : ThreeRegions.NAMES) {
                JsonNode one = answer(200, ask(region, gtid, 1, "10"));
                assertThat(one.get("regions").toString()).as(region).isEqualTo("[\"aws1\"]");
                asked.add(ask(region, gtid, 2, "20"));
            }
            JsonNode both = answer(504, ask("phx1", gtid, 2, "0.4"));
            assertThat(both.get("regions").toString()).isEqualTo("[\"aws1\"]");
            assertThat(both.get("missing").get("aws2").asText()).isEqualTo("lacks " + gtid);
            assertThat(both.get("waitedMillis").asLong()).isBetween(400L, 3000L);
            Shell.Outcome no = dbctl("--gtid", gtid, "--regions", "2", "--timeout", "0.4");
            assertThat(no.out()).contains("no: in 1 of 2 regions", "aws1: has it", "aws2: lacks " + gtid);
            assertThat(no.code()).isEqualTo(1);
            assertThat(asked).noneMatch(CompletableFuture::isDone);
        }
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            assertThat(answer(200, one).get("regions").toString()).isEqualTo("[\"aws1\",\"aws2\"]");
        }
        assertThat(regions.executed("aws2").contains(Gtid.parse(gtid))).isTrue();
        Shell.Outcome yes = dbctl("--gtid", gtid, "--regions", "2", "--json");
        assertThat(yes.code()).as(yes.out() + yes.err()).isZero();
        assertThat(yes.out()).contains("\"REPLICATED\"", "\"aws2\"");
    }

    @Test
    void aVoidTransactionIsExecutedEverywhereAndStillANo() throws Exception {
        try (Connection root = regions.mysql("aws1").sessions().open()) {
            Statements.execute(root, "INSERT INTO app.held VALUES (-7)"); // an administrator can, at a STANDBY
        }
        String gtid = last("aws1");
        JsonNode before = answer(409, ask("aws2", gtid, 1, "30"));
        assertThat(before.get("outcome").asText()).isIn("VOID", "STRANDED");
        await().atMost(SOON)
                .until(() -> regions.cluster().voided().contains(Gtid.parse(gtid))
                        && regions.executed("aws2").contains(Gtid.parse(gtid)));
        for (String region : ThreeRegions.NAMES) {
            await().atMost(SOON).untilAsserted(() -> {
                JsonNode no = answer(409, ask(region, gtid, 1, "10"));
                assertThat(no.get("reason").asText()).startsWith("void: ").contains(gtid);
            });
        }
        assertThat(dbctl("--gtid", gtid, "--regions", "1").code()).isEqualTo(1);
        regions.awaitEqual(SOON);
        answer(200, ask("phx1", write(), 2, "30"));
    }

    @Test
    void aRegionThatMayForgetWhatItCommitsDoesNotCount() throws Exception {
        for (String setting : List.of("sync_binlog", "innodb_flush_log_at_trx_commit")) {
            try (Connection root = regions.mysql("aws1").sessions().open()) {
                Statements.execute(root, "SET GLOBAL " + setting + " = 0");
                JsonNode no = answer(504, ask("aws1", write(), 2, "0.5"));
                assertThat(no.get("regions").toString()).isEqualTo("[\"aws2\"]");
                assertThat(no.get("missing").get("aws1").asText()).contains(setting + " is 0, not 1");
                Statements.execute(root, "SET GLOBAL " + setting + " = 1");
            }
            answer(200, ask("aws1", last("phx1"), 2, "10"));
        }
    }

    @Test
    void aRegionThatIsDownDelaysNobodyWhoDoesNotNeedIt() throws Exception {
        regions.mysql("aws2").kill();
        try {
            String gtid = write();
            JsonNode yes = answer(200, ask("phx1", gtid, 1, "10"));
            assertThat(yes.get("waitedMillis").asLong()).isLessThan(2000);
            JsonNode no = answer(504, ask("phx1", gtid, 2, "1"));
            assertThat(no.get("missing").get("aws2").asText()).contains("cannot be asked");
        } finally {
            regions.mysql("aws2").start();
        }
        answer(200, ask("phx1", last("phx1"), 2, "40"));
    }

    @Test
    void twoHundredWhoWaitShareOneSessionPerRegionAndPrimaryStillAnswers() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        try (Connection holding = regions.mysql("aws2").sessions().open()) {
            Statements.execute(holding, "LOCK TABLES app.held WRITE");
            String gtid = write();
            for (int i = 0; i < MANY; i++) {
                asked.add(ask("phx1", gtid, 2, "30"));
            }
            answer(504, ask("phx1", gtid, 2, "0.5"));
            URI primary = coordinator("phx1").resolve("/primary");
            long began = System.nanoTime();
            answer(200, client.sendAsync(HttpRequest.newBuilder(primary).build(), BodyHandlers.ofString()));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            assertThat(asked).noneMatch(CompletableFuture::isDone);
            String sessions = regions.query(
                    "aws2", "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'regent_observe'");
            assertThat(Integer.parseInt(sessions))
                    .as("one for each coordinator, and a probe of each of the two others")
                    .isBetween(1, 5);
        }
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            answer(200, one);
        }
    }

    @Test
    void anApplicationIsToldWhatBecameOfItsCommit() throws Exception {
        URI down = URI.create("http://127.0.0.1:" + Ports.free());
        AwaitReplicated replicated = new AwaitReplicated(List.of(down, coordinator("aws1"), coordinator("phx1")));
        String url = "jdbc:mysql://" + regions.mysql("phx1").address() + "/app?trackSessionState=true";
        try (Connection session = DriverManager.getConnection(url, "app", "app")) {
            replicated.track(session);
            session.setAutoCommit(false);
            Statements.update(session, INSERT);
            session.commit();
            Replication yes = replicated.await(session, 2, Duration.ofSeconds(10));
            assertThat(yes)
                    .isInstanceOfSatisfying(
                            Replicated.class, done -> assertThat(done.regions()).containsExactly("aws1", "aws2"));
            assertThat(yes.gtids()).isEqualTo(last("phx1"));

            try (Connection holding = regions.mysql("aws1").sessions().open()) {
                Statements.execute(holding, "LOCK TABLES app.held WRITE");
                Statements.update(session, INSERT);
                session.commit();
                Replication no = replicated.await(session, 2, Duration.ofMillis(400));
                assertThat(no)
                        .isEqualTo(new NotYet(last("phx1"), List.of("aws2"), Map.of("aws1", "lacks " + last("phx1"))));
                assertThatThrownBy(() -> replicated.await(no.gtids(), 3, Duration.ofSeconds(1)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("regions must be at most 2");
            }
            assertThat(replicated.await(last("phx1"), 2, Duration.ofSeconds(20)).isReplicated())
                    .isTrue();
        }
    }

    @Test
    void wrongUseOfTheCommandSaysWhatIsRight() {
        assertWrong("--gtid is no GTID set", "--gtid", "x", "--regions", "1");
        assertWrong("Missing required option: '--regions=N'", "--gtid", "x");
        String gtid = UUID.randomUUID() + ":1";
        assertWrong("--regions must be a number from 1 on", "--gtid", gtid, "--regions", "0");
        assertWrong("--regions must be at most 2, not 3", "--gtid", gtid, "--regions", "3");
        assertWrong("--timeout must be", "--gtid", gtid, "--regions", "1", "--timeout", "400");
    }

    private static void assertWrong(String message, String... words) {
        Shell.Outcome outcome = dbctl(words);
        assertThat(outcome.err()).contains(message);
        assertThat(outcome.code()).isEqualTo(2);
    }

    /** From the moment at which a loop sees it applied at both regions to the answer in the client's hand. */
    @Test
    void theAnswerComesSoonAfterItIsApplied() throws Exception {
        List<Long> micros = new ArrayList<>();
        try (Connection app = regions.app("phx1");
                Connection aws1 = regions.mysql("aws1").sessions().open();
                Connection aws2 = regions.mysql("aws2").sessions().open()) {
            for (int i = 0; i < ROUNDS; i++) {
                GtidSet before = regions.executed("phx1");
                Statements.update(app, INSERT);
                String gtid = regions.executed("phx1").subtract(before).toString();
                CompletableFuture<Long> answered = ask("phx1", gtid, 2, "10")
                        .thenApply(response -> response.statusCode() == 200 ? System.nanoTime() : Long.MAX_VALUE);
                while (!isApplied(aws1, gtid) || !isApplied(aws2, gtid)) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                long applied = System.nanoTime();
                long at = Objects.requireNonNull(answered.get(SOON.toSeconds(), TimeUnit.SECONDS));
                micros.add(TimeUnit.NANOSECONDS.toMicros(at - applied));
            }
        }
        micros.sort(null);
        LOG.info("answer after apply: median {} us, greatest {} us", micros.get(ROUNDS / 2), micros.get(ROUNDS - 1));
        assertThat(micros.get(ROUNDS / 2)).isLessThan(100_000);
    }

    private static boolean isApplied(Connection session, String gtid) throws SQLException {
        return Statements.text(session, "SELECT GTID_SUBSET(?, @@global.gtid_executed)", gtid)
                .filter("1"::equals)
                .isPresent();
    }
}

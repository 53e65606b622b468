package io.regent.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.wait.WaitAnswer;
import io.regent.coordinator.wait.WaitAnswer.Outcome;
import io.regent.coordinator.wait.WaitQuestion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitPathTest {
    private static final String ASK = "/wait?gtid=" + Statuses.EXECUTED + "&regions=1";
    private static final int MANY = 200;
    private static final int MORE_THAN_ANY_BUFFER = 20_000_000;

    /** Less than the idle time after which Jetty lets a client go. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Queue<CompletableFuture<WaitAnswer>> waiting = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private StatusServer server;

    @BeforeEach
    void start() throws IOException {
        server = StatusServer.start("127.0.0.1", 0, LIMIT, Statuses::primary, this::ask);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CompletableFuture<WaitAnswer> ask(WaitQuestion question) {
        if (question.regions() > 2) {
            throw new IllegalArgumentException("regions must be at most 2");
        }
        CompletableFuture<WaitAnswer> answer = new CompletableFuture<>();
        waiting.add(answer);
        return answer;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(LIMIT);
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        return client.sendAsync(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> await(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void primaryAnswersWhileTwoHundredWaitAndThenAllOfThemAreAnswered() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            asked.add(get(ASK));
        }
        Awaitility.await().atMost(LIMIT).until(() -> waiting.size() == MANY);
        long began = System.nanoTime();
        assertThat(await(get("/primary")).statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(asked).noneMatch(CompletableFuture::isDone);
        waiting.forEach(one ->
                one.complete(new WaitAnswer(Outcome.REPLICATED, Statuses.EXECUTED, List.of("aws1"), Map.of(), "", 12)));
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            assertThat(await(one).body())
                    .isEqualTo("{\"outcome\":\"REPLICATED\",\"gtid\":\"" + Statuses.EXECUTED
                            + "\",\"regions\":[\"aws1\"],\"missing\":{},\"waitedMillis\":12}");
            assertThat(await(one).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void eachNoHasItsCodeAndItsReason() throws Exception {
        Map<Outcome, Integer> codes =
                Map.of(Outcome.TIMEOUT, 504, Outcome.VOID, 409, Outcome.STRANDED, 409, Outcome.REFUSED, 503);
        for (Map.Entry<Outcome, Integer> code : codes.entrySet()) {
            CompletableFuture<HttpResponse<String>> asked = get(ASK);
            Awaitility.await().atMost(LIMIT).until(() -> !waiting.isEmpty());
            waiting.remove()
                    .complete(new WaitAnswer(
                            code.getKey(), Statuses.EXECUTED, List.of(), Map.of("aws1", "lacks it"), "not so", 1));
            assertThat(await(asked).statusCode()).isEqualTo(code.getValue());
            assertThat(await(asked).body())
                    .contains(
                            "\"reason\":\"not so\"",
                            "\"missing\":{\"aws1\":\"lacks it\"}",
                            code.getKey().toString());
        }
    }

    @Test
    void whatCannotBeAskedIsNamed() throws Exception {
        Map<String, String> wrong = Map.of(
                "/wait",
                "gtid is missing",
                "/wait?gtid=7&regions=1",
                "gtid is no GTID set",
                "/wait?gtid=" + Statuses.EXECUTED + "&regions=0",
                "regions must be a number from 1 on",
                "/wait?gtid=" + Statuses.EXECUTED + "&regions=3",
                "regions must be at most 2",
                ASK + "&timeout=61",
                "timeout must be a number of seconds up to 60");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            HttpResponse<String> answer = await(get(one.getKey()));
            assertThat(answer.statusCode()).as(one.getKey()).isEqualTo(400);
            assertThat(answer.body()).contains(one.getValue());
        }
    }

    /** Javalin by itself answers HEAD with 200 where there is a GET. */
    @Test
    void headAndOptionsWaitToo() throws Exception {
        for (String method : List.of("HEAD", "OPTIONS")) {
            HttpRequest request =
                    request(ASK).method(method, BodyPublishers.noBody()).build();
            CompletableFuture<HttpResponse<String>> asked = client.sendAsync(request, BodyHandlers.ofString());
            Awaitility.await().atMost(LIMIT).until(() -> !waiting.isEmpty());
            waiting.remove().complete(new WaitAnswer(Outcome.VOID, Statuses.EXECUTED, List.of(), Map.of(), "void", 1));
            assertThat(await(asked).statusCode()).as(method).isEqualTo(409);
        }
    }

    /** Who hangs up is not noticed before the answer, so one client must not hold all places. */
    @Test
    void oneAddressHasHalfOfThePlacesAndGetsThemBack() throws Exception {
        ClientPlaces places = new ClientPlaces(2);
        assertThat(places.take("a")).isTrue();
        assertThat(places.take("a")).isTrue();
        assertThat(places.take("a")).isFalse();
        assertThat(places.take("b")).isTrue();
        places.giveBack("a");
        assertThat(places.take("a")).isTrue();
        assertThat(places.take("a")).isFalse();

        for (int i = 0; i < WaitPath.MOST_OF_ONE + 1; i++) {
            assertThat(await(get(ASK.replace("regions=1", "regions=3"))).statusCode())
                    .isEqualTo(400);
        }
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < WaitPath.MOST_OF_ONE; i++) {
            asked.add(get(ASK));
        }
        Awaitility.await().atMost(LIMIT).until(() -> waiting.size() == WaitPath.MOST_OF_ONE);
        assertThat(await(get(ASK)).body()).contains("256 requests from 127.0.0.1 wait already");
        assertThat(await(get(ASK)).statusCode()).isEqualTo(503);
        WaitAnswer yes = new WaitAnswer(Outcome.REPLICATED, Statuses.EXECUTED, List.of("aws1"), Map.of(), "", 12);
        waiting.forEach(one -> one.complete(yes));
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            assertThat(await(one).statusCode()).isEqualTo(200);
        }
        waiting.clear();
        CompletableFuture<HttpResponse<String>> again = get(ASK);
        Awaitility.await().atMost(LIMIT).until(() -> !waiting.isEmpty());
        waiting.remove().complete(yes);
        assertThat(await(again).statusCode()).isEqualTo(200);
    }

    @Test
    void oneWhoDoesNotReadItsAnswerDelaysNobody() throws Exception {
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "GET " + ASK + " HTTP/1.1\r\nHost: regent\r\n\r\n";
            silent.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().atMost(LIMIT).until(() -> !waiting.isEmpty());
            String more = "x".repeat(MORE_THAN_ANY_BUFFER);
            waiting.remove().complete(new WaitAnswer(Outcome.TIMEOUT, Statuses.EXECUTED, List.of(), Map.of(), more, 1));
            CompletableFuture<HttpResponse<String>> other = get(ASK);
            Awaitility.await().atMost(LIMIT).until(() -> !waiting.isEmpty());
            waiting.remove().complete(new WaitAnswer(Outcome.VOID, Statuses.EXECUTED, List.of(), Map.of(), "void", 1));
            assertThat(other.get(SOON.toSeconds(), TimeUnit.SECONDS).statusCode())
                    .isEqualTo(409);
        }
    }
}

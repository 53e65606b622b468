package io.regent.sql.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.regent.sql.client.Coordinators.Turn;
import io.regent.sql.client.Replication.Never;
import io.regent.sql.client.Replication.NotYet;
import io.regent.sql.client.Replication.Replicated;
import io.regent.sql.client.Replication.Unanswered;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Coordinators are played by the test. */
class AwaitReplicatedTest {
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:5";
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration FOUR = Duration.ofSeconds(4);
    private static final Duration FIVE = Duration.ofSeconds(5);

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<ServerSocket> sockets = new ArrayList<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() throws IOException {
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        servers.forEach(server -> server.stop(0));
    }

    private URI coordinator(int code, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/wait", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            asked.add(query);
            if (code == 504) {
                LockSupport.parkNanos((long) (Double.parseDouble(query.replaceAll(".*timeout=", "")) * 1e9));
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static URI down() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
    }

    /** Accepts, and says nothing. */
    private URI hanging() throws IOException {
        ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        sockets.add(silent);
        return URI.create("http://127.0.0.1:" + silent.getLocalPort());
    }

    /** Sends the head of an answer and no more. */
    private URI halfSaid() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/wait", exchange -> exchange.sendResponseHeaders(200, 100));
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static Replication ask(URI... coordinators) throws InterruptedException {
        return new AwaitReplicated(List.of(coordinators)).await(GTID, 1, FIVE);
    }

    @Test
    void everyAnswerIsAValue() throws Exception {
        assertThat(ask(coordinator(200, "{\"regions\":[\"aws1\"],\"missing\":{},\"waitedMillis\":7}")))
                .isEqualTo(new Replicated(GTID, List.of("aws1"), Duration.ofMillis(7)));
        assertThat(asked.remove()).startsWith("gtid=" + GTID + "&regions=1&timeout=2.9");
        URI waits = coordinator(504, "{\"regions\":[],\"missing\":{\"aws1\":\"lacks it\"},\"reason\":\"no\"}");
        assertThat(new AwaitReplicated(List.of(waits)).await(GTID, 1, SHORT))
                .isEqualTo(new NotYet(GTID, List.of(), Map.of("aws1", "lacks it")));
        assertThat(ask(coordinator(409, "{\"reason\":\"void: it\"}"))).isEqualTo(new Never(GTID, "void: it"));
    }

    @Test
    void oneThatIsDownAndOneThatIsFullAreLeftForTheNextWhichIsThenAskedFirst() throws Exception {
        URI full = coordinator(503, "{\"reason\":\"too many wait\"}");
        URI well = coordinator(200, "{\"regions\":[\"aws1\"],\"waitedMillis\":1}");
        AwaitReplicated replicated = new AwaitReplicated(List.of(down(), full, well));
        assertThat(replicated.await(GTID, 1, FIVE).isReplicated()).isTrue();
        assertThat(asked).hasSize(2);
        assertThat(replicated.await(GTID, 1, FIVE).isReplicated()).isTrue();
        assertThat(asked).hasSize(3);
    }

    @Test
    void nothingButA200ThatIsReadIsAYes() throws Exception {
        URI down = down();
        URI full = coordinator(503, "{\"reason\":\"too many wait\"}");
        URI other = coordinator(200, "<html>");
        Replication answer = ask(down, full, other);
        assertThat(answer.isReplicated()).isFalse();
        assertThat(answer).isInstanceOfSatisfying(Unanswered.class, none -> {
            assertThat(none.reasons()).containsOnlyKeys(down, full, other);
            assertThat(none.reasons().get(full)).isEqualTo("503: too many wait");
            assertThat(none.reasons().get(other)).contains("no answer of a coordinator");
        });
    }

    @Test
    void whatMakesNoSenseIsAnError() throws Exception {
        URI strict = coordinator(400, "{\"reason\":\"regions must be at most 2, not 9\"}");
        AwaitReplicated replicated = new AwaitReplicated(List.of(strict));
        assertThatThrownBy(() -> replicated.await(GTID, 9, FIVE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regions must be at most 2");
        assertThatThrownBy(() -> replicated.await(GTID, 0, FIVE)).hasMessageContaining("at least 1, not 0");
        assertThatThrownBy(() -> replicated.await(GTID, 1, Duration.ofHours(1))).hasMessageContaining("0 to 300 s");
        assertThatThrownBy(() -> new AwaitReplicated(List.of())).hasMessageContaining("name at least one");
        assertThatThrownBy(() -> new AwaitReplicated(List.of(URI.create("regent.phx1:8080"))))
                .hasMessageContaining("http://host:8080");
    }

    @Test
    void whoeverHangsTheNextIsStillAsked() throws Exception {
        URI well = coordinator(200, "{\"regions\":[\"aws1\"],\"waitedMillis\":1}");
        AwaitReplicated replicated = new AwaitReplicated(List.of(hanging(), halfSaid(), well));
        long began = System.nanoTime();
        assertThat(replicated.await(GTID, 1, Duration.ofMillis(800)).isReplicated())
                .isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1800));
    }

    @Test
    void theAnswerComesASecondAfterTheTimeAtTheLatestHoweverManyHang() throws Exception {
        AwaitReplicated replicated = new AwaitReplicated(List.of(hanging(), halfSaid(), hanging(), hanging()));
        long began = System.nanoTime();
        assertThat(replicated.await(GTID, 1, Duration.ofMillis(500)))
                .isInstanceOfSatisfying(
                        Unanswered.class, none -> assertThat(none.reasons()).hasSize(4));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(500), Duration.ofMillis(2300)); // 1.5 s, and a busy machine
    }

    @Test
    void oneThatAnswersNotYetIsAskedAgainUntilTheTimeIsOver() throws Exception {
        URI waiting = coordinator(504, "{\"regions\":[],\"missing\":{\"aws1\":\"lacks it\"},\"reason\":\"no\"}");
        AwaitReplicated replicated = new AwaitReplicated(List.of(waiting, hanging()));
        assertThat(Turn.of(Duration.ofSeconds(300), 2)).isEqualTo(new Turn(Duration.ofSeconds(3), FOUR));
        assertThat(Turn.of(Duration.ofSeconds(1), 2))
                .isEqualTo(new Turn(Duration.ofMillis(500), Duration.ofSeconds(1)));
        assertThat(Turn.of(Duration.ofSeconds(-1), 2)).isEqualTo(new Turn(Duration.ZERO, Duration.ZERO));
        assertThat(replicated.await(GTID, 1, SHORT)).isInstanceOf(NotYet.class);
        assertThat(asked).hasSize(1);
        assertThat(replicated.await(GTID, 1, Duration.ofMillis(1100))).isInstanceOf(NotYet.class);
        assertThat(asked).hasSizeGreaterThan(2);
    }
}

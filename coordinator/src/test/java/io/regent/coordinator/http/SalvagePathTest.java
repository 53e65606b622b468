package io.regent.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.salvage.BinlogFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** To whom binlog events are handed out; what is in them is tested where they are read. */
class SalvagePathTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Ticket TICKET = new Ticket("secret", "identity", "phx1");
    private static final String SET = "0685e52c-ebae-11f1-a053-02fc00000001:1-265";

    private static volatile Optional<BinlogFiles> left = Optional.empty();
    private static StatusServer server;

    @BeforeAll
    static void start() throws Exception {
        server = StatusServer.start("127.0.0.1", 0, Duration.ofSeconds(2), Statuses::primary, Statuses::nobodyWaits);
        server.serveSalvage(TICKET, () -> left);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> ask(Ticket ticket, long second, String signed, String sent)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/salvage"))
                .header(Ticket.TIME, Long.toString(second))
                .header(Ticket.NONCE, "chosen")
                .header(Ticket.CODE, ticket.code(second, "chosen", signed))
                .POST(BodyPublishers.ofString(sent))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    @Test
    void whoHasNoTicketOfThisRegionGetsNothing() throws Exception {
        assertThat(ask(new Ticket("guessed", "identity", "phx1"), now(), SET, SET)
                        .statusCode())
                .isEqualTo(403);
        assertThat(ask(new Ticket("secret", "identity", "aws1"), now(), SET, SET)
                        .statusCode())
                .isEqualTo(403);
        assertThat(ask(TICKET, now(), SET, "").statusCode())
                .as("for more than was signed")
                .isEqualTo(403);
        HttpResponse<String> old = ask(TICKET, now() - 400, SET, SET);
        assertThat(old.statusCode()).isEqualTo(403);
        assertThat(old.body()).contains("the clocks differ by 40");
        HttpRequest bare = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/salvage"))
                .POST(BodyPublishers.ofString(SET))
                .build();
        assertThat(CLIENT.send(bare, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    }

    @Test
    void whereNothingIsLeftBehindOrCannotBeReadItSaysSo() throws Exception {
        left = Optional.empty();
        HttpResponse<String> alive = ask(TICKET, now(), SET, SET);
        assertThat(alive.statusCode()).isEqualTo(503);
        assertThat(alive.body()).contains("not proven dead");
        left = Optional.of(new BinlogFiles(List.of(Path.of("/nowhere/binlog.000001"))));
        assertThat(ask(TICKET, now(), SET, SET).statusCode()).isEqualTo(503);
        HttpResponse<String> wrong = ask(TICKET, now(), "all", "all");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("GTID set");
    }
}

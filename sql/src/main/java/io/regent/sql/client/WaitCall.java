package io.regent.sql.client;

import io.regent.sql.client.Coordinators.Turn;
import io.regent.sql.client.Replication.Never;
import io.regent.sql.client.Replication.NotYet;
import io.regent.sql.client.Replication.Replicated;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One {@code GET /wait} of one coordinator. */
final class WaitCall {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final int YES = 200;
    private static final int WRONG = 400;
    private static final int NEVER = 409;
    private static final int NOT_YET = 504;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * The answer; empty, and why, if this coordinator has none in time.
     *
     * @throws IllegalArgumentException if the coordinator does not understand the question
     */
    Optional<Replication> ask(URI coordinator, String gtids, int regions, Turn turn, Consumer<String> why)
            throws InterruptedException {
        String seconds = turn.waits().toSeconds() + "."
                + String.format("%03d", turn.waits().toMillisPart());
        URI uri = coordinator.resolve("/wait?gtid=" + URLEncoder.encode(gtids, StandardCharsets.US_ASCII) + "&regions="
                + regions + "&timeout=" + seconds);
        CompletableFuture<HttpResponse<String>> sent =
                client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response = sent.get(turn.within().toMillis(), TimeUnit.MILLISECONDS);
            return answer(coordinator, gtids, response, why);
        } catch (TimeoutException e) {
            why.accept("no answer within " + turn.within().toMillis() + " ms");
        } catch (IOException e) {
            why.accept(text(e));
        } catch (ExecutionException e) {
            why.accept(text(e.getCause() == null ? e : e.getCause()));
        } finally {
            sent.cancel(true); // who leaves gives the coordinator its place back
        }
        return Optional.empty();
    }

    private static String text(Throwable error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    private static Optional<Replication> answer(
            URI coordinator, String gtids, HttpResponse<String> response, Consumer<String> why) throws IOException {
        Map<?, ?> body = FlatJson.parse(response.body());
        String reason = String.valueOf(body.get("reason"));
        switch (response.statusCode()) {
            case YES -> {
                Object waited = body.get("waitedMillis");
                Duration time = waited instanceof Long millis ? Duration.ofMillis(millis) : Duration.ZERO;
                return Optional.of(new Replicated(gtids, regions(body), time));
            }
            case NOT_YET -> {
                return Optional.of(new NotYet(gtids, regions(body), missing(body)));
            }
            case NEVER -> {
                return Optional.of(new Never(gtids, reason));
            }
            case WRONG -> throw new IllegalArgumentException(coordinator + " cannot be asked this: " + reason);
            default -> {
                why.accept(response.statusCode() + ": " + reason);
                return Optional.empty();
            }
        }
    }

    private static List<String> regions(Map<?, ?> body) {
        List<String> all = new ArrayList<>();
        if (body.get("regions") instanceof List<?> regions) {
            regions.forEach(region -> all.add(String.valueOf(region)));
        }
        return List.copyOf(all);
    }

    private static Map<String, String> missing(Map<?, ?> body) {
        Map<String, String> all = new LinkedHashMap<>();
        if (body.get("missing") instanceof Map<?, ?> missing) {
            missing.forEach((region, why) -> all.put(String.valueOf(region), String.valueOf(why)));
        }
        return all;
    }
}

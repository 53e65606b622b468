package io.regent.docker.lab.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Finds the master as applications do: asks every coordinator for {@code /primary} at once and believes the first that
 * says yes; keeps the answer until a client reports that it was wrong. Who says no may know who is to be master: that one is
 * asked most of the time then. Thread-safe, and no storm: whatever the number of clients, the coordinators are asked once in
 * {@link #LOOK}.
 */
public final class MasterFinder {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final Duration LOOK = Duration.ofMillis(10);
    /** What one says of another may be old. */
    private static final Duration ALL = Duration.ofMillis(50);

    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final ObjectMapper json = new ObjectMapper();
    private final List<URI> coordinators;
    private final Map<String, ServerAddress> servers;
    private final Map<String, URI> regions = new ConcurrentHashMap<>();
    private Optional<Master> cached = Optional.empty();
    private long lookedAt;
    private long askedAll;
    private volatile String named = "";

    /**
     * A finder that has asked nobody yet, and believes where they say that the master's server is.
     *
     * @param coordinators where their HTTP ports are
     */
    public MasterFinder(List<ServerAddress> coordinators) {
        this(coordinators, Map.of());
    }

    /**
     * A finder that has asked nobody yet.
     *
     * @param coordinators where their HTTP ports are
     * @param servers where clients reach each region's server, if not where its coordinator does
     */
    public MasterFinder(List<ServerAddress> coordinators, Map<String, ServerAddress> servers) {
        this.servers = Map.copyOf(servers);
        this.coordinators = coordinators.stream()
                .map(address -> URI.create("http://" + address + "/primary"))
                .toList();
        this.lookedAt = System.nanoTime() - LOOK.toNanos();
    }

    /** The master as far as known; asks if it is not known. Takes at most 300 ms. */
    public synchronized Optional<Master> find() {
        if (cached.isEmpty() && System.nanoTime() - lookedAt >= LOOK.toNanos()) {
            cached = ask(likely());
            lookedAt = System.nanoTime();
        }
        return cached;
    }

    /** Asks now, whatever is known. */
    public synchronized Optional<Master> findAnew() {
        cached = ask(coordinators);
        lookedAt = System.nanoTime();
        return cached;
    }

    /** A client could not write there. Does nothing if another answer is known by now. */
    public synchronized void forget(Master wrong) {
        if (cached.filter(wrong::equals).isPresent()) {
            cached = Optional.empty();
        }
    }

    private List<URI> likely() {
        URI named = regions.get(this.named);
        return named == null || System.nanoTime() - askedAll >= ALL.toNanos() ? coordinators : List.of(named);
    }

    private Optional<Master> ask(List<URI> some) {
        CompletableFuture<Optional<Master>> first = new CompletableFuture<>();
        CompletableFuture<?>[] asked = some.stream()
                .map(uri -> ask(uri).thenAccept(answer -> answer.ifPresent(yes -> first.complete(Optional.of(yes)))))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Optional<Master>> none =
                CompletableFuture.allOf(asked).thenApply(all -> Optional.empty());
        Optional<Master> found = first.applyToEither(none, Function.identity()).join();
        if (some.size() > 1) {
            askedAll = System.nanoTime(); // from the answer on: one that is silent takes long to ask
        }
        return found;
    }

    /** What one coordinator says; empty if it says no or nothing. */
    private CompletableFuture<Optional<Master>> ask(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .handle((response, silence) -> Optional.ofNullable(response))
                .thenApply(response -> response.flatMap(answer -> master(uri, answer)));
    }

    private Optional<Master> master(URI uri, HttpResponse<String> response) {
        try {
            JsonNode body = json.readTree(response.body());
            if (response.statusCode() != OK) {
                named = body.path("master").asText();
                return Optional.empty();
            }
            String region = body.path("region").asText();
            regions.put(region, uri);
            ServerAddress told = ServerAddress.parse(body.path("mysql").asText());
            return Optional.of(new Master(
                    region,
                    servers.getOrDefault(region, told),
                    body.path("epoch").asLong()));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("not an answer of /primary: " + response.body(), e);
        }
    }
}

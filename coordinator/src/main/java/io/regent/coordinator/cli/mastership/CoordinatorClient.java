package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.http.CoordinatorCall;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.DecisionRecord;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the coordinators of all regions at the same time. */
public final class CoordinatorClient {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final String cluster;
    private final Map<RegionConfig, CompletableFuture<Told>> asked = new LinkedHashMap<>();
    private final Map<String, List<DecisionRecord>> decisions = new ConcurrentHashMap<>();
    private final boolean why;
    private final long end = System.nanoTime() + LIMIT.toNanos();

    /** Begins to ask for each coordinator's status; {@link #told} has the answers. */
    public CoordinatorClient(ClusterConfig config) {
        this(config, false);
    }

    /** @param why whether to ask for decisions too; {@link #decisions} has them after {@link #told} */
    CoordinatorClient(ClusterConfig config, boolean why) {
        this.cluster = config.cluster();
        this.why = why;
        for (RegionConfig region : config.regions()) {
            asked.put(
                    region,
                    region.coordinator()
                            .map(address -> begin(region, address))
                            .orElseGet(() -> CompletableFuture.completedFuture(Told.NOT_ASKED)));
        }
    }

    private CompletableFuture<Told> begin(RegionConfig region, ServerAddress address) {
        CompletableFuture<Told> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> answer.complete(ask(region, address)), "ask-" + region.name());
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    /** What each region's coordinator told within 1 s, by region, in the order of the file. */
    public Map<String, Told> told() {
        Map<String, Told> all = new LinkedHashMap<>();
        asked.forEach((region, answer) -> all.put(region.name(), await(region, answer)));
        return all;
    }

    /** The decisions of those who answered, by region, the oldest first. */
    Map<String, List<DecisionRecord>> decisions() {
        return Map.copyOf(decisions);
    }

    private Told await(RegionConfig region, CompletableFuture<Told> answer) {
        String address = region.coordinator().map(ServerAddress::toString).orElse("");
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Told(address, null, "no answer within " + LIMIT.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Told(address, null, "interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("only values complete it", e);
        }
    }

    private Told ask(RegionConfig region, ServerAddress address) {
        try {
            CoordinatorStatus status = CoordinatorStatus.parse(CoordinatorCall.get(address, "/status", LIMIT));
            if (why) {
                decisions.put(region.name(), DecisionRecord.parse(CoordinatorCall.get(address, "/decisions", LIMIT)));
            }
            CoordinatorStatus.Identity who = status.identity();
            return who.cluster().equals(cluster) && who.region().equals(region.name())
                    ? new Told(address.toString(), status, "")
                    : new Told(
                            address.toString(), null, "it is of cluster " + who.cluster() + ", region " + who.region());
        } catch (IOException | IllegalArgumentException e) {
            return new Told(address.toString(), null, String.valueOf(e.getMessage()));
        }
    }
}

package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.model.ClusterState;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the other regions' MySQLs, before the own one is opened, whether they recorded a newer epoch than ZooKeeper says: a
 * region that was away does not see from its own that ZooKeeper was set back.
 *
 * <p>Once in a session with ZooKeeper: under one that goes on, it cannot have been. On a thread of its own as soon as there is
 * one, so that an opening seldom waits for it. Who does not answer in a moment is not waited for: it must not take two
 * regions to open one.
 */
public final class Neighbours implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final Duration ANSWER = Duration.ofMillis(800);
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final String NEWEST = "SELECT COALESCE(MAX(epoch), 0) FROM regent_local.epoch";

    private final ClusterConfig config;
    private final List<RegionConfig> others;
    private final LongSupplier session;
    private final Supplier<@Nullable ClusterState> cluster;
    private final Errand errand;
    private volatile long asked;

    private Neighbours(
            ClusterConfig config, RegionConfig own, LongSupplier session, Supplier<@Nullable ClusterState> cluster) {
        this.config = config;
        this.others =
                config.regions().stream().filter(region -> !region.equals(own)).toList();
        this.session = session;
        this.cluster = cluster;
        this.errand = new Errand("neighbours-" + own.name(), PERIOD, this::turn);
    }

    /**
     * Begins.
     *
     * @param session id of the session with ZooKeeper; 0 while there is none
     * @param cluster the last cluster that was seen
     */
    public static Neighbours start(
            ClusterConfig config, RegionConfig own, LongSupplier session, Supplier<@Nullable ClusterState> cluster) {
        Neighbours neighbours = new Neighbours(config, own, session, cluster);
        neighbours.errand.start();
        return neighbours;
    }

    private void turn() {
        ClusterState seen = cluster.get();
        if (seen != null && session.getAsLong() != 0) {
            newerThan(seen.epoch());
        }
    }

    /** Who of them recorded which newer epoch than this, in words; empty if none, as far as they answer. */
    Optional<String> newerThan(long epoch) {
        long current = session.getAsLong();
        if (current != 0 && current == asked) {
            return Optional.empty();
        }
        List<CompletableFuture<Optional<String>>> answers = others.stream()
                .map(region -> CompletableFuture.supplyAsync(() -> newer(region, epoch), Neighbours::onAThread))
                .toList();
        long end = System.nanoTime() + ANSWER.toNanos();
        Optional<String> found = Optional.empty();
        for (CompletableFuture<Optional<String>> answer : answers) {
            found = found.or(() -> await(answer, end - System.nanoTime()));
        }
        if (found.isEmpty()) {
            asked = current;
        }
        return found;
    }

    private static void onAThread(Runnable task) {
        Thread thread = new Thread(task, "neighbour");
        thread.setDaemon(true);
        thread.start();
    }

    private static Optional<String> await(CompletableFuture<Optional<String>> answer, long nanos) {
        try {
            return answer.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Optional<String> newer(RegionConfig region, long epoch) {
        try (Connection connection = config.sessions(region, AccountRole.OBSERVE)
                .connectTimeout(ANSWER)
                .socketTimeout(ANSWER)
                .program("regent-neighbour")
                .open()) {
            OptionalLong newest = Statements.numbers(connection, NEWEST).stream()
                    .mapToLong(Long::longValue)
                    .max();
            return newest.orElse(0) > epoch
                    ? Optional.of(region.name() + " recorded epoch " + newest.getAsLong())
                    : Optional.empty();
        } catch (SQLException e) {
            LOG.debug("{} is not asked for its epoch: {}", region.name(), MysqlErrors.line(e));
            return Optional.empty();
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        errand.close();
    }
}

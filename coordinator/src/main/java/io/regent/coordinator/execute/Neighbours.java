package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.model.ClusterState;
import io.regent.failover.view.Recorded;
import io.regent.failover.view.SetBack;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the other regions' MySQLs which epoch they recorded, and holds it against what ZooKeeper says before the own one is
 * opened: a region that was away does not see from its own that ZooKeeper was set back.
 *
 * <p>Each until it has answered once in a session with ZooKeeper: under one that goes on, ZooKeeper cannot have been set
 * back, so what it says later grew out of what was compared. On a thread of its own as soon as there is a session, so that
 * an opening seldom waits for it. Who does not answer in a moment is not waited for, and once in a session at most: it must
 * not take two regions to open one. But it is asked again, for it may be about to boot.
 */
public final class Neighbours implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    static final Duration ANSWER = Duration.ofMillis(800);
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final String SET_BACK = ": ZooKeeper was set back (a restored copy?)";

    private final List<String> others;
    private final Question question;
    private final LongSupplier session;
    private final Supplier<@Nullable ClusterState> cluster;
    private final Errand errand;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> asking = new ConcurrentHashMap<>();
    private volatile long waitedFor;

    /** What is asked of a region's MySQL. */
    @FunctionalInterface
    interface Question {
        /**
         * Asks it.
         *
         * @throws SQLException if it does not answer, or has nothing to answer with
         */
        Told of(String region) throws SQLException;
    }

    /**
     * What a MySQL told.
     *
     * @param server its uuid
     * @param newest the newest epoch that it recorded
     */
    record Told(UUID server, Recorded newest) {}

    /** @param session the session with ZooKeeper that there was before it was asked */
    private record Answer(long session, Told told) {}

    Neighbours(
            String own,
            List<String> others,
            Question question,
            LongSupplier session,
            Supplier<@Nullable ClusterState> cluster) {
        this.others = List.copyOf(others);
        this.question = question;
        this.session = session;
        this.cluster = cluster;
        this.errand = new Errand("neighbours-" + own, PERIOD, this::turn);
    }

    /**
     * Begins.
     *
     * @param session id of the session with ZooKeeper; 0 while there is none
     * @param cluster the last cluster that was seen
     */
    public static Neighbours start(
            ClusterConfig config, RegionConfig own, LongSupplier session, Supplier<@Nullable ClusterState> cluster) {
        List<String> others = config.regionNames().stream()
                .filter(region -> !region.equals(own.name()))
                .toList();
        Neighbours neighbours =
                new Neighbours(own.name(), others, new NeighbourQuestion(config, ANSWER), session, cluster);
        neighbours.errand.start();
        return neighbours;
    }

    /** Asks whoever has not answered yet. */
    void turn() throws InterruptedException {
        long current = session.getAsLong();
        if (current != 0) {
            ask(current);
        }
    }

    /**
     * What one of them recorded that contradicts what is to be opened under, in words; empty if nothing, as far as they
     * answer. Waits for them once in a session.
     *
     * @param epoch what is to be opened under
     */
    Optional<String> against(long epoch) {
        long current = session.getAsLong();
        if (current == 0 || current != waitedFor) {
            try {
                ask(current);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return contradiction(epoch, current, false);
    }

    /**
     * The same of who is open, for whoever has answered by now; nobody is waited for. A server that ZooKeeper does not know
     * as that region's says nothing about it: nobody is to be closed by an address that is wrong.
     */
    Optional<String> knownAgainst(long epoch) {
        return contradiction(epoch, session.getAsLong(), true);
    }

    private Optional<String> contradiction(long epoch, long current, boolean membersOnly) {
        ClusterState seen = cluster.get();
        for (String region : others) {
            Answer answer = answers.get(region);
            if (answer == null
                    || answer.session != current
                    || (membersOnly && !isMember(seen, region, answer.told.server()))) {
                continue;
            }
            Recorded newest = answer.told.newest();
            String words = newest.epoch() > epoch
                    ? "epoch " + newest.epoch()
                    : seen == null || seen.epoch() != epoch ? "" : SetBack.of(seen, newest);
            if (!words.isEmpty()) {
                return Optional.of(region + " (server " + answer.told.server() + ") recorded " + words + SET_BACK);
            }
        }
        return Optional.empty();
    }

    private static boolean isMember(@Nullable ClusterState seen, String region, UUID server) {
        return seen != null
                && seen.originsOf(region).anyMatch(origin -> origin.uuid().equals(server));
    }

    /** Asks those who have not answered in this session, and waits a moment for all of them. */
    private void ask(long current) throws InterruptedException {
        List<CompletableFuture<Void>> asked = others.stream()
                .filter(region -> !hasAnswered(region, current))
                .map(region -> asking.computeIfAbsent(region + "@" + current, key -> begin(region, current, key)))
                .toList();
        try {
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                    .get(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.debug("not all neighbours tell their epochs");
        } catch (ExecutionException e) {
            throw new IllegalStateException("it ends whatever happens", e);
        }
        waitedFor = current;
    }

    private boolean hasAnswered(String region, long current) {
        Answer known = answers.get(region);
        return current != 0 && known != null && known.session == current;
    }

    /** One at a time of each. Who answers too late for whoever waits is heard all the same. */
    private CompletableFuture<Void> begin(String region, long current, String key) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        ask(region, current);
                    } finally {
                        asking.remove(key);
                        ended.complete(null);
                    }
                },
                "neighbour-" + region);
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    private void ask(String region, long current) {
        try {
            Told told = question.of(region);
            // What is late, of a session that is over, replaces nothing: it was compared with another ZooKeeper.
            answers.compute(region, (key, known) -> session.getAsLong() == current ? new Answer(current, told) : known);
        } catch (SQLException e) {
            LOG.debug("{} does not tell its epoch: {}", region, MysqlErrors.line(e));
        } catch (RuntimeException e) {
            LOG.warn("{} cannot be asked for its epoch: {}", region, e.toString(), e);
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        errand.close();
    }
}

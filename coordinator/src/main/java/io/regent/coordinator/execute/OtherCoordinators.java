package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.http.CoordinatorCall;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.failover.diagnosis.Heard;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks the coordinators of the other regions over HTTP how they are, and says in ZooKeeper which of them answer.
 *
 * <p>That gives a failure its name, and no decision hangs on it: the loop neither waits for an answer nor sees one. One that
 * does not answer once is not silent yet.
 */
public final class OtherCoordinators implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofMillis(800);
    static final Duration SILENT = Duration.ofSeconds(3);

    private final Map<String, ServerAddress> others;
    private final Call call;
    private final BooleanSupplier speaks;
    private final Predicate<Heard> board;
    private final LongSupplier nanos;
    private final Errand errand;
    private final Map<String, Long> asked = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private @Nullable Heard said;

    /** What is asked of a coordinator. */
    @FunctionalInterface
    interface Call {
        /**
         * Whether it says that it has ZooKeeper.
         *
         * @throws IOException if it does not answer, or is another region's
         */
        boolean hasZooKeeper(String region, ServerAddress address) throws IOException;
    }

    private record Answer(long at, boolean zookeeper) {}

    OtherCoordinators(
            String own,
            Map<String, ServerAddress> others,
            Call call,
            BooleanSupplier speaks,
            Predicate<Heard> board,
            LongSupplier nanos) {
        this.others = new LinkedHashMap<>(others);
        this.call = call;
        this.speaks = speaks;
        this.board = board;
        this.nanos = nanos;
        this.errand = new Errand("others-" + own, PERIOD, this::turn);
    }

    /**
     * Begins, if the configuration says where another region's coordinator listens.
     *
     * @param speaks whether this coordinator is its region's active one and sees the cluster
     * @param board writes what is heard; false if it has to be told again
     */
    public static OtherCoordinators start(
            ClusterConfig config, RegionConfig own, BooleanSupplier speaks, Predicate<Heard> board) {
        Map<String, ServerAddress> others = new LinkedHashMap<>();
        for (RegionConfig region : config.regions()) {
            if (!region.name().equals(own.name())) {
                region.coordinator().ifPresent(address -> others.put(region.name(), address));
            }
        }
        Call call = (region, address) -> hasZooKeeper(config.cluster(), region, address);
        OtherCoordinators asks = new OtherCoordinators(own.name(), others, call, speaks, board, System::nanoTime);
        if (!others.isEmpty()) {
            asks.errand.start();
        }
        return asks;
    }

    private static boolean hasZooKeeper(String cluster, String region, ServerAddress address) throws IOException {
        try {
            CoordinatorStatus status = CoordinatorStatus.parse(CoordinatorCall.get(address, "/status", ANSWER));
            CoordinatorStatus.Identity who = status.identity();
            if (!who.cluster().equals(cluster) || !who.region().equals(region)) {
                throw new IOException("it is of cluster " + who.cluster() + ", region " + who.region());
            }
            return status.mastership().zookeeper().equals(CoordinatorStatus.CONNECTED);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Begins to ask whoever is not being asked, and says what is known by now. */
    void turn() {
        others.forEach((region, address) -> {
            if (asking.add(region)) {
                asked.putIfAbsent(region, nanos.getAsLong());
                Thread thread = new Thread(() -> ask(region, address), "ask-" + region);
                thread.setDaemon(true);
                thread.start();
            }
        });
        say();
    }

    private void ask(String region, ServerAddress address) {
        try {
            answers.put(region, new Answer(nanos.getAsLong(), call.hasZooKeeper(region, address)));
        } catch (IOException e) {
            return; // silence is what was seen
        } finally {
            asking.remove(region);
        }
    }

    private void say() {
        Heard now = heard();
        if (!speaks.getAsBoolean()) {
            said = null; // another coordinator of the region may speak meanwhile
        } else if (!now.equals(said) && board.test(now)) {
            said = now;
        }
    }

    /** Who answers, and who has not for a while; whoever was only just asked is neither. */
    public Heard heard() {
        List<String> answering = new ArrayList<>();
        List<String> cutOff = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        long now = nanos.getAsLong();
        for (String region : others.keySet()) {
            Answer last = answers.get(region);
            Long first = asked.get(region);
            if (last != null && now - last.at < SILENT.toNanos()) {
                (last.zookeeper ? answering : cutOff).add(region);
            } else if (first != null && now - first >= SILENT.toNanos()) {
                silent.add(region);
            }
        }
        return new Heard(answering, cutOff, silent);
    }

    @Override
    public void close() {
        errand.close();
    }
}

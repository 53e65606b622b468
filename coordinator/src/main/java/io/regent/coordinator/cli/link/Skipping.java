package io.regent.coordinator.cli.link;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Skip;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether a transaction may be let go, and the writing of it. */
final class Skipping {
    /** A link that is tried again is not stopped while it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration AGAIN = Duration.ofMillis(250);
    private static final int TRIES = 5;
    private static final int LONGEST_NAME = 100;

    private final ClusterConfig config;
    private final ClusterObserver observer;
    private final ClusterState cluster;

    Skipping(ClusterConfig config, ClusterObserver observer, ClusterState cluster) {
        this.config = config;
        this.observer = observer;
        this.cluster = cluster;
    }

    /**
     * What came of a question.
     *
     * @param skip what would be written; null if it is refused
     * @param refusal why it is
     */
    record Asked(@Nullable Skip skip, String refusal) {}

    /** The skip of this transaction that there is already. */
    @Nullable Skip before(Gtid gtid) throws CliException {
        return all(observer).stream()
                .filter(skip -> skip.gtid().equals(gtid.toString()))
                .findFirst()
                .orElse(null);
    }

    /** All that there are, the first one first. */
    static List<Skip> all(ClusterObserver observer) throws CliException {
        Seen<List<Skip>> seen = observer.skips().all();
        if (seen instanceof Seen.Found<List<Skip>> found) {
            return found.value();
        }
        throw new CliException("what was skipped cannot be read from ZooKeeper: " + seen);
    }

    /** Asks the coordinators, again and again for a while, whether a link is stopped at it. */
    Asked ask(Gtid gtid, String target, String why) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            Stops stops = Stops.ask(config);
            Asked asked = judge(gtid, target, why, stops);
            boolean over = asked.skip() != null || isEverywhere(gtid, stops);
            if (over || System.nanoTime() > end || never.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                return asked;
            }
        }
    }

    Asked judge(Gtid gtid, String target, String why, Stops stops) {
        if (isEverywhere(gtid, stops)) {
            return new Asked(null, gtid + " is executed in every region already: there is nothing to skip");
        }
        Optional<Stops.Stop> stop = stops.at(gtid, target);
        if (stop.isEmpty()) {
            String which = target.isEmpty() ? "no link is" : "the link into " + target + " is not";
            return new Asked(null, which + " stopped at " + gtid + stops.instead());
        }
        String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        return new Asked(
                new Skip(
                        gtid.toString(),
                        now,
                        operator(),
                        why,
                        stop.get().link(),
                        executedBy(gtid, stops),
                        stop.get().at()),
                "");
    }

    private boolean isEverywhere(Gtid gtid, Stops stops) {
        return executedBy(gtid, stops).size() == cluster.regions().size();
    }

    /** By what its coordinator says, which is newer than what it reported. */
    private List<String> executedBy(Gtid gtid, Stops stops) {
        return cluster.regions().stream()
                .filter(state -> reported(state).contains(gtid)
                        || stops.executed()
                                .getOrDefault(state.region(), GtidSet.EMPTY)
                                .contains(gtid))
                .map(RegionState::region)
                .toList();
    }

    private static GtidSet reported(RegionState state) {
        Znode<Report> report = state.report();
        return report == null ? GtidSet.EMPTY : report.value().executed();
    }

    private static String operator() {
        String name = "operator " + System.getProperty("user.name", "unknown");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    /**
     * Writes it down, with what is known to differ by it.
     *
     * @throws CliException if it is not certain that it is
     */
    void order(Skip skip, Differences more) throws CliException {
        String why = "";
        for (int i = 0; i < TRIES; i++) {
            Seen<Znode<Differences>> known = observer.setup().differences();
            Differences marked = known instanceof Seen.Found<Znode<Differences>> found
                    ? found.value().value().and(more)
                    : more;
            Written written = observer.skips().order(skip, known, marked);
            if (written.isOk() || isThere(skip)) {
                return;
            }
            why = written.toString();
        }
        throw new CliException("it is not known whether it is written to ZooKeeper (" + why
                + "); 'dbctl link skips' tells; run it again");
    }

    private boolean isThere(Skip skip) {
        return observer.skips().all() instanceof Seen.Found<List<Skip>> found
                && found.value().stream().anyMatch(one -> one.gtid().equals(skip.gtid()));
    }
}

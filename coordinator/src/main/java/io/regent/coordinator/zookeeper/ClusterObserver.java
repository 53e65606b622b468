package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import io.regent.failover.diagnosis.Heard;
import io.regent.failover.diagnosis.LastWords;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.failover.timing.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What an operator's command sees of a cluster. It is no coordinator: it has no read-back token, stands in no election
 * and never writes {@code /master}. Owned by one thread.
 */
public final class ClusterObserver implements AutoCloseable {
    private static final Duration SESSION = Timing.standard().session();
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final String NAME = "observer";

    private final Ensemble ensemble;
    private final Semaphore changes;
    private final Paths paths;
    private final ClusterSetup setup;
    private final Replacement replacement;
    private final ClusterLook look;

    private ClusterObserver(Ensemble ensemble, Semaphore changes, String cluster, List<String> preference) {
        this.ensemble = ensemble;
        this.changes = changes;
        this.paths = new Paths(cluster);
        this.setup = new ClusterSetup(ensemble, cluster);
        this.replacement = new Replacement(ensemble, paths, setup);
        // A token that is never read back demands nothing of a look.
        this.look = new ClusterLook(paths, new ReadBackToken(paths.root(), NAME), preference, false);
    }

    /**
     * Begins to connect; {@link #awaitConnected} tells whether it did.
     *
     * @param servers {@code host:port,host:port}
     * @param cluster the cluster's name
     * @param preference the regions in the order in which they are to be seen; others follow by name
     */
    public static ClusterObserver connect(String servers, String cluster, List<String> preference) {
        Semaphore changes = new Semaphore(0);
        EnsembleSettings settings = new EnsembleSettings(servers, SESSION, ANSWER);
        Ensemble ensemble = Ensemble.connect(settings, changes::release);
        return new ClusterObserver(ensemble, changes, cluster, preference);
    }

    /** Waits for a connection, at most so long; true if there is one. */
    public boolean awaitConnected(Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (ensemble.negotiatedSession().isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            changes.tryAcquire(Math.min(left, POLL.toNanos()), TimeUnit.NANOSECONDS);
            changes.drainPermits();
        }
        return true;
    }

    /** Everything, {@code /master} first, on one session. It may be old. */
    public Seen<ClusterState> look() {
        return look.at(ensemble.session());
    }

    /**
     * What a move changes, by version.
     *
     * @param master of {@code /master}
     * @param report of the report of the region it goes to
     */
    public record Marks(int master, int report) {}

    /** The marks of a move to this region, for two reads; empty if one of them cannot be read. */
    public Optional<Marks> marks(String region) {
        Session session = ensemble.session();
        CompletableFuture<Seen<Raw>> master = session.get(paths.master());
        CompletableFuture<Seen<Raw>> report = session.get(paths.report(region));
        return session.await(master) instanceof Found<Raw> one && session.await(report) instanceof Found<Raw> other
                ? Optional.of(new Marks(one.value().version(), other.value().version()))
                : Optional.empty();
    }

    /**
     * When the epochs of a look began, by the clocks of ZooKeeper's servers; without those that could not be read. The
     * end of one is written together with the beginning of the next.
     */
    public SortedMap<Long, Instant> beginnings(ClusterState seen) {
        SortedMap<Long, CompletableFuture<Seen<Raw>>> asked = new TreeMap<>();
        Session session = ensemble.session();
        asked.put(1L, session.get(paths.master()));
        seen.history().keySet().forEach(ended -> asked.put(ended + 1, session.get(paths.ended(ended))));
        SortedMap<Long, Instant> all = new TreeMap<>();
        asked.forEach((epoch, answer) -> {
            if (session.await(answer) instanceof Found<Raw> found) {
                all.put(epoch, Instant.ofEpochMilli(found.value().createdAt()));
            }
        });
        return all;
    }

    /** What the beginnings of the epochs of a look cost, as far as that was written down and can be read. */
    public SortedMap<Long, Cost> costs(ClusterState seen) {
        SortedMap<Long, CompletableFuture<Seen<Raw>>> asked = new TreeMap<>();
        Session session = ensemble.session();
        seen.history().keySet().forEach(ended -> asked.put(ended, session.get(paths.cost(ended))));
        asked.put(seen.epoch(), session.get(paths.cost(seen.epoch())));
        SortedMap<Long, Cost> all = new TreeMap<>();
        asked.forEach((epoch, answer) -> {
            Seen<Cost> cost = session.await(answer).then(raw -> ZnodeFormat.COST.read(paths.cost(epoch), raw.text()));
            if (cost instanceof Found<Cost> found) {
                all.put(epoch, found.value());
            }
        });
        return all;
    }

    /**
     * How old what the regions wrote is, and which coordinators they hear, by region.
     *
     * @param now by the clock that they are held against
     */
    public Map<String, LastWords> lastWords(ClusterState seen, Instant now) {
        Session session = ensemble.session();
        Map<String, LastWords> all = new LinkedHashMap<>();
        for (RegionState state : seen.regions()) {
            String region = state.region();
            Seen<Raw> report = session.await(session.get(paths.report(region)));
            Seen<Raw> reach = session.await(session.get(paths.reach(region)));
            Seen<Raw> raw = session.await(session.get(paths.heard(region)));
            Seen<Heard> heard = raw.then(found -> ZnodeFormat.HEARD.read(paths.heard(region), found.text()));
            all.put(
                    region,
                    new LastWords(
                            age(report, now),
                            age(reach, now),
                            age(raw, now),
                            heard instanceof Found<Heard> known ? known.value() : Heard.NOBODY));
        }
        return all;
    }

    private static Duration age(Seen<Raw> seen, Instant now) {
        return seen instanceof Found<Raw> found
                ? Duration.between(Instant.ofEpochMilli(found.value().changedAt()), now)
                : Duration.ZERO;
    }

    /** The session timeout that ZooKeeper granted where the usual one was asked for; empty while not connected. */
    public Optional<Duration> negotiatedSession() {
        return ensemble.negotiatedSession();
    }

    /** For what an operator creates or orders, on the same connection. */
    public ClusterSetup setup() {
        return setup;
    }

    /** For who lets transactions go, on the same connection. */
    public Skips skips() {
        return new Skips(ensemble, paths);
    }

    /** For who founds another cluster in the place of this one, on the same connection. */
    public Replacement replacement() {
        return replacement;
    }

    /** Ends the session. */
    @Override
    public void close() {
        ensemble.close();
    }
}

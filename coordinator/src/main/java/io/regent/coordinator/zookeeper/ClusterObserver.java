package io.regent.coordinator.zookeeper;

import io.regent.failover.model.ClusterState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What an operator's command sees of a cluster. It is no coordinator: it has no read-back token, stands in no election
 * and never writes {@code /master}. Owned by one thread.
 */
public final class ClusterObserver implements AutoCloseable {
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final String NAME = "observer";

    private final Ensemble ensemble;
    private final Semaphore changes;
    private final ClusterSetup setup;
    private final ClusterLook look;

    private ClusterObserver(Ensemble ensemble, Semaphore changes, String cluster, List<String> preference) {
        this.ensemble = ensemble;
        this.changes = changes;
        Paths paths = new Paths(cluster);
        this.setup = new ClusterSetup(ensemble, cluster);
        // A token that is never read back demands nothing of a look.
        this.look = new ClusterLook(paths, new ReadBackToken(paths.root(), NAME), preference);
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

    /** For what an operator creates or orders, on the same connection. */
    public ClusterSetup setup() {
        return setup;
    }

    /** Ends the session. */
    @Override
    public void close() {
        ensemble.close();
    }
}

package io.regent.coordinator.daemon;

import io.regent.coordinator.wait.Sight;
import io.regent.coordinator.zookeeper.Ensemble;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.ZooKeeperStore;
import io.regent.failover.model.ClusterState;
import io.regent.failover.timing.Timing;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at ZooKeeper. A session whose negotiated timeout makes the timings unsafe counts as no answer: nothing is
 * renewed under it.
 */
final class ClusterWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

    /** For who finds that a cluster which was there is not. */
    static final String WAY_ON =
            "Bring its newest state back, or 'dbctl init --adopt-epoch' founds the cluster anew from"
                    + " what the regions' MySQLs recorded";

    private final Ensemble ensemble;
    private final ZooKeeperStore store;
    private final Timing timing;
    private final String region;
    private String problem = "not looked yet";
    private volatile @Nullable ClusterState last;
    private volatile Sight sight = Sight.none(problem);

    ClusterWatch(Ensemble ensemble, ZooKeeperStore store, Timing timing, String region) {
        this.ensemble = ensemble;
        this.store = store;
        this.timing = timing;
        this.region = region;
    }

    /** The cluster, or null if it cannot be known now. */
    @Nullable ClusterState look() {
        long began = System.nanoTime();
        Seen<ClusterState> seen = store.look();
        if (seen instanceof Seen.Found<ClusterState> found) {
            return safe(found.value(), began);
        }
        return because(
                seen instanceof Seen.Absent<ClusterState> absent
                        ? absent.path() + " is gone: was ZooKeeper emptied, or is this another ensemble? " + WAY_ON
                        : ((Seen.Unknown<ClusterState>) seen).why());
    }

    private @Nullable ClusterState safe(ClusterState cluster, long began) {
        if (cluster.regions().stream().noneMatch(state -> state.region().equals(region))) {
            return because("region " + region + " is not of the cluster any more");
        }
        try {
            ensemble.negotiatedSession().ifPresent(timing::negotiated);
        } catch (IllegalArgumentException e) {
            return because(String.valueOf(e.getMessage()));
        }
        if (!problem.isEmpty()) {
            LOG.info("ZooKeeper answers");
        }
        problem = "";
        last = cluster;
        sight = Sight.of(cluster, began, store.behind());
        return cluster;
    }

    private @Nullable ClusterState because(String why) {
        if (!why.equals(problem)) {
            LOG.warn("ZooKeeper: {}", why);
        }
        problem = why;
        sight = Sight.none("ZooKeeper: " + why);
        return null;
    }

    /** Whether the last look was the first on its session. */
    boolean isOnNewSession() {
        return store.isAnew();
    }

    /** Whether another cluster stands in the place of the one that was seen first. */
    boolean isFoundedAnew() {
        return store.isFoundedAnew();
    }

    /** The last cluster that was seen, be it long ago; null before the first. */
    @Nullable ClusterState last() {
        return last;
    }

    /** What the last look gave, and when it began; for every thread. */
    Sight sight() {
        return sight;
    }

    /** Why the last look gave nothing; empty if it did. */
    String problem() {
        return problem;
    }
}

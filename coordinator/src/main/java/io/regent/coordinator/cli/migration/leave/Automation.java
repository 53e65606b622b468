package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Policy;
import org.jspecify.annotations.Nullable;

/** What regions do by themselves, while it is being decided. */
final class Automation {
    private static final int TRIES = 5;

    private final ClusterObserver observer;
    private final ClusterConfig config;
    private @Nullable String reason;

    Automation(ClusterObserver observer, ClusterConfig config) {
        this.observer = observer;
        this.config = config;
    }

    /**
     * From now on nothing is taken over or given up by itself; one that an operator paused stays as it is.
     *
     * @throws CliException if ZooKeeper does not take that
     */
    void pause(String why) throws CliException {
        for (int i = 0; i < TRIES; i++) {
            ClusterState cluster = ZooKeeperAccess.look(observer, config);
            Policy now = cluster.policy().value();
            if (now.paused() != null && !now.paused().equals(why)) {
                return;
            }
            // Also one that an earlier run paused, so that it is lifted if this one comes to nothing.
            if (observer.setup().change(cluster.policy(), now.withPaused(why)).isOk()) {
                reason = why;
                return;
            }
        }
        throw new CliException("ZooKeeper does not take it that nobody is to take over; run this again");
    }

    /** Takes that back, if nobody changed it since; where ZooKeeper does not answer the pause stays, and 'dbctl status' says so. */
    void resume() {
        String paused = reason;
        if (paused != null
                && observer.look() instanceof Seen.Found<ClusterState> cluster
                && paused.equals(cluster.value().policy().value().paused())) {
            observer.setup()
                    .change(
                            cluster.value().policy(),
                            cluster.value().policy().value().withPaused(null));
        }
    }
}

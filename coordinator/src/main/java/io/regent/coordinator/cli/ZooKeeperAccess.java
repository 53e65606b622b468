package io.regent.coordinator.cli;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.ClusterState;
import java.time.Duration;

/** How a command comes to its cluster in ZooKeeper. */
public final class ZooKeeperAccess {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private ZooKeeperAccess() {}

    /**
     * Connects; the caller closes it.
     *
     * @throws CliException if the file names no ensemble or it cannot be reached
     */
    public static ClusterObserver connect(ClusterConfig config) throws CliException {
        String servers = config.zookeeper()
                .orElseThrow(() -> new CliException(
                        "the file names no ZooKeeper; add the line  zookeeper: \"host:2181,host:2181,host:2181\""));
        ClusterObserver observer = ClusterObserver.connect(servers, config.cluster(), config.regionNames());
        if (!isConnected(observer)) {
            observer.close();
            throw new CliException("cannot reach ZooKeeper at " + servers + " within " + CONNECT.toSeconds()
                    + " s; check the addresses, the servers and the way to them");
        }
        return observer;
    }

    /** Waits up to 5 s for a connection, the first or a new one. */
    public static boolean isConnected(ClusterObserver observer) throws CliException {
        try {
            return observer.awaitConnected(CONNECT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    /**
     * Looks at the cluster.
     *
     * @throws CliException if it is not there or cannot be read
     */
    public static ClusterState look(ClusterObserver observer, ClusterConfig config) throws CliException {
        Seen<ClusterState> seen = observer.look();
        if (seen instanceof Found<ClusterState> found) {
            return found.value();
        }
        throw new CliException(
                seen instanceof Seen.Unknown<ClusterState> unknown
                        ? "ZooKeeper: " + unknown.why() + "; try again"
                        : "ZooKeeper has no cluster '" + config.cluster() + "'; dbctl init --master REGION founds it");
    }
}

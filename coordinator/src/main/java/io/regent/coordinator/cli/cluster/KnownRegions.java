package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.failover.model.ClusterState;
import io.regent.sql.init.InitProblem;
import io.regent.sql.init.ServerInit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Which regions a cluster knows a server of. Where it knows one, a server whose {@code regent_local} is empty lost its
 * data, or is another one: it must not be taken for a member that has all it executed.
 */
public final class KnownRegions {
    private KnownRegions() {}

    /** Why rows that are nobody's must not be claimed in a region; empty if they may be. */
    public static Function<String, Optional<InitProblem>> of(ClusterConfig config) {
        if (config.zookeeper().isEmpty()) {
            return region -> Optional.empty();
        }
        try (ClusterObserver observer = ZooKeeperAccess.connect(config)) {
            Seen<ClusterState> seen = observer.look();
            if (seen instanceof Seen.Found<ClusterState> found) {
                return region -> found.value().origin(region).map(uuid -> known(region, uuid));
            }
            return seen instanceof Seen.Unknown<ClusterState> unknown
                    ? region -> Optional.of(unasked(region, unknown.why()))
                    : region -> Optional.empty();
        } catch (CliException e) {
            return region -> Optional.of(unasked(region, String.valueOf(e.getMessage())));
        }
    }

    private static InitProblem known(String region, UUID uuid) {
        return ServerInit.unclaimed(
                "the cluster knows a server of " + region + ", " + uuid + ": this one lost its data, or is another",
                "'dbctl region rebuild " + region + "' replaces its data, and makes the rest ready too");
    }

    /** It may know one. */
    private static InitProblem unasked(String region, String why) {
        return ServerInit.unclaimed(
                "whether the cluster knows a server of " + region + " cannot be asked: " + why,
                "run this again when ZooKeeper answers");
    }
}

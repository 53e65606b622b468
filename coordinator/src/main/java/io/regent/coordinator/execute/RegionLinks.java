package io.regent.coordinator.execute;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.failover.history.Deliverable;
import io.regent.failover.model.ClusterState;
import io.regent.replicator.link.Link;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the links into a region from what the configuration and ZooKeeper say of the others. */
public final class RegionLinks implements LinkSet.Factory {
    private final ClusterConfig config;
    private final RegionConfig own;
    private final Supplier<@Nullable ClusterState> cluster;

    public RegionLinks(ClusterConfig config, RegionConfig own, Supplier<@Nullable ClusterState> cluster) {
        this.config = config;
        this.own = own;
        this.cluster = cluster;
    }

    @Override
    public Map<String, Link> create(Deliverable deliverable, long incarnation) {
        return Map.of();
    }
}

package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Session.Raw;
import java.time.Instant;
import java.util.Optional;

/** When leases were last renewed, by the clocks of ZooKeeper's servers. Any thread may ask. */
public final class RenewalTimes {
    private final Ensemble ensemble;
    private final Paths paths;

    /** @param cluster the cluster's name, the root of its znodes */
    public RenewalTimes(Ensemble ensemble, String cluster) {
        this.ensemble = ensemble;
        this.paths = new Paths(cluster);
    }

    /** That of this region; empty if ZooKeeper does not tell. */
    public Optional<Instant> last(String region) {
        Session session = ensemble.session();
        return session.await(session.get(paths.lease(region))) instanceof Found<Raw> lease
                ? Optional.of(Instant.ofEpochMilli(lease.value().changedAt()))
                : Optional.empty();
    }
}

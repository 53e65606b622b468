package io.regent.coordinator.cli.migration;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.http.CoordinatorCall;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Coordinators that were started and wait for their cluster to be founded. */
public final class WaitingCoordinators {
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final String cluster;

    /** @param config the cluster that they wait for */
    public WaitingCoordinators(ClusterConfig config) {
        this.cluster = config.cluster();
    }

    /** Why it is not known that this region's coordinator runs; empty if it does. */
    public Optional<String> missing(RegionConfig region) {
        Optional<ServerAddress> address = region.coordinator();
        if (address.isEmpty()) {
            return Optional.of("the file does not say where the coordinator of " + region.name() + " listens");
        }
        try {
            CoordinatorStatus.Identity who = CoordinatorStatus.parse(
                            CoordinatorCall.get(address.get(), "/status", ANSWER))
                    .identity();
            return who.cluster().equals(cluster) && who.region().equals(region.name())
                    ? Optional.empty()
                    : Optional.of("at " + address.get() + " is the coordinator of region " + who.region()
                            + " of cluster " + who.cluster());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of("no coordinator of " + region.name() + " answers at " + address.get() + " ("
                    + e.getMessage() + ")");
        }
    }
}

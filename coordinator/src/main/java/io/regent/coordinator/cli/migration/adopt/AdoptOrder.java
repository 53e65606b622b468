package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.fence.AdoptionMark.Attempt;
import io.regent.sql.session.Account;
import java.time.Duration;
import java.util.Set;

/**
 * What is to be taken over.
 *
 * @param config the regions
 * @param admin an administrator of every region's server
 * @param master the region that takes the writes
 * @param slots how many regions there may ever be
 * @param waits how long is waited
 * @param coordinatorsLater whether the master may stay closed until its coordinator is started
 * @param without regions that are certainly off: not reached, they do not keep a master closed that an earlier run closed
 */
public record AdoptOrder(
        ClusterConfig config,
        Account admin,
        RegionConfig master,
        int slots,
        Waits waits,
        boolean coordinatorsLater,
        Set<String> without) {
    /** Copies the set. */
    public AdoptOrder {
        without = Set.copyOf(without);
    }

    /**
     * How long is waited.
     *
     * @param replicas for replicas to catch up, and transactions that began before to end
     * @param clients for who would hold the closing up
     */
    public record Waits(Duration replicas, Duration clients) {}

    /** As servers are marked with it. */
    Attempt attempt() {
        return new Attempt(config.cluster(), config.zookeeper().orElse(""), master.name(), config.regionNames());
    }
}

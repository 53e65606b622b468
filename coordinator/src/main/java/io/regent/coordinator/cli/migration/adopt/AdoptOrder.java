package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.session.Account;
import java.time.Duration;

/**
 * What is to be taken over.
 *
 * @param config the regions
 * @param admin an administrator of every region's server
 * @param master the region that takes the writes
 * @param slots how many regions there may ever be
 * @param timeout how long the replicas may take to catch up, and transactions that began before to end
 * @param patience how long is waited for who would hold the closing up
 * @param coordinatorsLater whether the master may stay closed until its coordinator is started
 */
public record AdoptOrder(
        ClusterConfig config,
        Account admin,
        RegionConfig master,
        int slots,
        Duration timeout,
        Duration patience,
        boolean coordinatorsLater) {}

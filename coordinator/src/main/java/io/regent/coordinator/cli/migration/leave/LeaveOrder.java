package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.channel.SourceTls;
import io.regent.sql.session.Account;
import java.time.Duration;

/**
 * What is to be handed back.
 *
 * @param config the regions
 * @param admin an administrator of every region's server
 * @param source the master, which the others are to replicate from
 * @param replication the account by which they do
 * @param tls how they secure that
 * @param timeout how long the others may take to have what the source has
 */
public record LeaveOrder(
        ClusterConfig config,
        Account admin,
        RegionConfig source,
        Account replication,
        SourceTls tls,
        Duration timeout) {}

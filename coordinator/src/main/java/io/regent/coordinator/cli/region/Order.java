package io.regent.coordinator.cli.region;

import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.session.Account;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What an operator ordered.
 *
 * @param action {@code rebuild} or {@code rejoin}
 * @param region the region
 * @param admin administrator of its MySQL and of the one that is copied
 * @param dryRun whether it is only to be told
 * @param yes whether it was confirmed
 * @param lose how many transactions that are saved nowhere the operator gives up, if said
 * @param timeout how long a start of mysqld is waited for
 */
record Order(
        String action,
        RegionConfig region,
        Account admin,
        boolean dryRun,
        boolean yes,
        OptionalLong lose,
        Duration timeout) {}

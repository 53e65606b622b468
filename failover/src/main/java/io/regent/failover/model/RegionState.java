package io.regent.failover.model;

import org.jspecify.annotations.Nullable;

/**
 * What ZooKeeper holds of one region.
 *
 * @param region its name
 * @param lease its last renewal; the znode exists since the region was added
 * @param report its last report, or null before the first
 * @param present whether a coordinator of it has a live session
 */
public record RegionState(
        String region, Znode<Lease> lease, @Nullable Znode<Report> report, boolean present) {}

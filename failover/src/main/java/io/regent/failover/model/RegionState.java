package io.regent.failover.model;

import org.jspecify.annotations.Nullable;

/**
 * What ZooKeeper holds of one region.
 *
 * @param region its name
 * @param lease its last renewal; the znode exists since the region was added
 * @param report its last report, or null before the first
 * @param present whether a coordinator of it has a live session
 * @param reach what it last said of whom it reaches, or null if it never did
 */
public record RegionState(
        String region,
        Znode<Lease> lease,
        @Nullable Znode<Report> report,
        boolean present,
        @Nullable Znode<Reach> reach) {
    /** One that never said what it reaches. */
    public RegionState(String region, Znode<Lease> lease, @Nullable Znode<Report> report, boolean present) {
        this(region, lease, report, present, null);
    }
}

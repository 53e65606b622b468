package io.regent.failover.history;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lineage;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.Optional;
import java.util.UUID;

/**
 * Which numbers a server could give out a second time (PROTOCOL.md, "Numbers are never issued twice"): one that was put
 * back in time, by a restored copy or by a disk that forgot, goes on from what it has.
 */
public final class Numbers {
    private Numbers() {}

    /**
     * What a region's server had and has not any more, in words; empty if nothing.
     *
     * @param uuid the server's uuid
     * @param asks how often a lease was asked in it
     * @param executed what it executed
     */
    public static String forgotten(ClusterState cluster, String region, UUID uuid, long asks, GtidSet executed) {
        if (!cluster.origin(region).equals(Optional.of(uuid))) {
            // Retired, another region's or nobody's: what it wrote would travel nowhere, and be in no cut.
            return "the server uuid of its region (it has " + uuid + ")";
        }
        return wentBack(cluster, region, uuid, asks)
                ? "the last renewal of its own lease"
                : missing(cluster, region, uuid, executed).toString();
    }

    /** What an operator reads about it. */
    public static String wentBack(String region, String forgotten) {
        return "its data went back in time (a restored copy?): it lacks " + forgotten
                + ", and would give out numbers a second time. 'dbctl region rejoin " + region
                + " --new-uuid' gives it another server uuid";
    }

    /** Whether a server is an older copy of the one that the region's lease was last renewed in. */
    public static boolean wentBack(ClusterState cluster, String region, UUID uuid, long asks) {
        Lineage lineage = cluster.region(region).lease().value().lineage();
        return lineage != null && lineage.isAhead(uuid, asks);
    }

    /**
     * Numbers of a server's uuid that were given out, as far as is known, and that the server lacks. MySQL fills gaps, so
     * all below the highest count, unless a verdict made them void.
     *
     * <p>PROTOCOL.md says "of its own uuids"; what counts is the uuid in use: of one that was retired no number is given
     * out any more, and strays of it elsewhere would keep a region that was rebuilt from ever opening.
     *
     * @param region whose server it is
     * @param uuid the server's uuid
     * @param executed what it executed
     */
    public static GtidSet missing(ClusterState cluster, String region, UUID uuid, GtidSet executed) {
        Lineage lineage = cluster.region(region).lease().value().lineage();
        GtidSet known = lineage == null ? executed : executed.union(lineage.last());
        for (RegionState other : cluster.regions()) {
            Znode<Report> report = other.report();
            known = report == null ? known : known.union(report.value().executed());
        }
        GtidSet own = known.restrictedTo(uuid::equals);
        return own.union(own.holes()).subtract(executed).subtract(cluster.voided());
    }
}

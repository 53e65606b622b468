package io.regent.failover.history;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lineage;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;

/**
 * What a failover away from a silent master would leave behind, as far as is known while it is silent: what it wrote after
 * its last renewal nobody knows.
 */
public final class LossForecast {
    private LossForecast() {}

    /** The same in a few words, for the reason of a take-over. */
    public static String said(ClusterState cluster) {
        GtidSet only = of(cluster);
        return only.isEmpty()
                ? "nothing is known to be only there"
                : "known to be only there: " + only.count() + " transactions";
    }

    /**
     * What the master is known to have executed, and no other region whose MySQL answers reported.
     *
     * <p>A renewal tells the last number that was given out; all below it were given out too.
     */
    public static GtidSet of(ClusterState cluster) {
        RegionState holder = cluster.region(cluster.master().value().region());
        Znode<Report> report = holder.report();
        GtidSet known = report == null ? GtidSet.EMPTY : report.value().executed();
        Lineage lineage = holder.lease().value().lineage();
        if (lineage != null) {
            GtidSet own = known.restrictedTo(lineage.server()::equals).union(lineage.last());
            known = known.union(own).union(own.holes());
        }
        GtidSet elsewhere = GtidSet.EMPTY;
        for (RegionState region : cluster.regions()) {
            Znode<Report> theirs = region.report();
            boolean reachable =
                    theirs != null && region.present() && theirs.value().state().answers();
            if (theirs != null && reachable && !region.equals(holder)) {
                elsewhere = elsewhere.union(theirs.value().executed());
            }
        }
        return known.subtract(elsewhere).subtract(cluster.voided());
    }
}

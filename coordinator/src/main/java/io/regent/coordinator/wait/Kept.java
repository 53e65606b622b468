package io.regent.coordinator.wait;

import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Holdings;

/**
 * What of all that a region executed counts as kept there.
 *
 * @param executed what it executed, as its server said
 * @param counts the part that is durable there and history
 * @param voided what its server knows to be void
 * @param reason why not everything that it executed counts; empty if all does
 */
record Kept(GtidSet executed, GtidSet counts, GtidSet voided, String reason) {
    /** A region whose server did not answer. */
    static Kept unknown(String why) {
        return new Kept(GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, why);
    }

    /**
     * Judges what a server said under a look at ZooKeeper.
     *
     * <p>A diverged region is no candidate and no relay: what only it holds is lost to a failover, so nothing of it counts.
     * What the master wrote beyond the cut counts only at a region that lives in the master's epoch, and nothing does in
     * an epoch whose cut is not known: what its history leaves out becomes void.
     */
    static Kept of(String region, Holdings holdings, Sight sight) {
        ClusterState cluster = sight.cluster();
        if (cluster == null) {
            return nothing(holdings, sight.why());
        }
        if (!holdings.relaxed().isEmpty()) {
            return nothing(holdings, "may forget what it commits: " + holdings.relaxed());
        }
        if (holdings.epoch() > cluster.epoch()) {
            return nothing(holdings, lives(holdings, cluster) + ", as far as ZooKeeper was seen");
        }
        if (cluster.master().value().cut() == null) {
            return nothing(holdings, "the history of epoch " + cluster.epoch() + " is not known yet");
        }
        History history = History.of(cluster);
        GtidSet outside = history.outside(region, holdings.executed(), holdings.openedEpoch())
                .subtract(holdings.voided());
        if (!outside.isEmpty()) {
            return nothing(holdings, "diverged: it executed " + outside + ", which is not history");
        }
        GtidSet within = history.within(region, holdings.executed(), holdings.openedEpoch())
                .subtract(holdings.voided());
        return holdings.epoch() == cluster.epoch()
                ? new Kept(holdings.executed(), within, holdings.voided(), "")
                : new Kept(
                        holdings.executed(),
                        within.intersect(history.cut()),
                        holdings.voided(),
                        lives(holdings, cluster));
    }

    private static Kept nothing(Holdings holdings, String why) {
        return new Kept(holdings.executed(), GtidSet.EMPTY, holdings.voided(), why);
    }

    private static String lives(Holdings holdings, ClusterState cluster) {
        return "lives in epoch " + holdings.epoch() + ", the cluster in " + cluster.epoch();
    }

    /** Whether all of these are kept. */
    boolean has(GtidSet gtids) {
        return counts.contains(gtids);
    }

    /** What it lacks of these, or why they do not count, in words. */
    String lacks(GtidSet gtids) {
        if (executed.isEmpty() && !reason.isEmpty()) {
            return reason;
        }
        GtidSet lacking = gtids.subtract(executed);
        if (lacking.isEmpty()) {
            return reason.isEmpty() ? "executed it, and it is not history" : reason;
        }
        String many = lacking.count() > 1 ? " (" + lacking.count() + " transactions)" : "";
        return "lacks " + lacking + many + (reason.isEmpty() ? "" : "; " + reason);
    }
}

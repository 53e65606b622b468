package io.regent.coordinator.wait;

import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Holdings;
import java.util.Optional;
import java.util.UUID;

/**
 * What of all that a region executed counts as kept there.
 *
 * @param executed what it executed, as its server said
 * @param counts the part that is durable there and history
 * @param voided what its server knows to be void
 * @param mayBeAhead whether it lives in a newer epoch than the look at ZooKeeper shows, or has not said yet
 * @param reason why not everything that it executed counts; empty if all does
 */
record Kept(GtidSet executed, GtidSet counts, GtidSet voided, boolean mayBeAhead, String reason) {
    /** A region that nobody asked yet. */
    static final Kept NOT_YET = new Kept(GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, true, "has not answered yet");

    /** A region whose server did not answer. */
    static Kept unknown(String why) {
        return new Kept(GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, false, why);
    }

    /**
     * Judges what a server said under a look at ZooKeeper.
     *
     * <p>A diverged region is no candidate and no relay: what only it holds is lost to a failover, so nothing of it counts.
     * What the master wrote beyond the cut counts only at a region that lives in the master's epoch, and nothing does in
     * an epoch whose cut is not known: what its history leaves out becomes void.
     *
     * <p>A server that the fence, the links and a failover do not believe is not believed here: one that is another than
     * the region's (an address that leads elsewhere would count one server twice, or the origin itself), and one whose
     * rows are those of the server it was copied from [a region that is rebuilt holds the lot, and is in no union].
     */
    static Kept of(String region, Holdings holdings, Sight sight) {
        ClusterState cluster = sight.cluster();
        if (cluster == null) {
            return nothing(holdings, false, sight.why());
        }
        Optional<String> stranger = stranger(region, holdings, cluster);
        if (stranger.isPresent()) {
            return unknown(stranger.get());
        }
        Optional<String> unfit = unfit(region, holdings, cluster);
        if (unfit.isPresent()) {
            return nothing(holdings, holdings.epoch() > cluster.epoch(), unfit.get());
        }
        History history = History.of(cluster);
        GtidSet outside = history.outside(region, holdings.executed(), holdings.openedEpoch())
                .subtract(holdings.voided());
        if (!outside.isEmpty()) {
            return nothing(
                    holdings, false, "diverged: it executed " + WaitAnswer.brief(outside) + ", which is not history");
        }
        GtidSet within = history.within(region, holdings.executed(), holdings.openedEpoch())
                .subtract(holdings.voided());
        return holdings.epoch() == cluster.epoch()
                ? new Kept(holdings.executed(), within, holdings.voided(), false, "")
                : new Kept(
                        holdings.executed(),
                        within.intersect(history.cut()),
                        holdings.voided(),
                        false,
                        lives(holdings, cluster));
    }

    /** Why nothing that this server says is to be believed of the region. */
    private static Optional<String> stranger(String region, Holdings holdings, ClusterState cluster) {
        UUID own = cluster.origin(region).orElse(null);
        return holdings.server().equals(own)
                ? holdings.copied()
                : Optional.of("the server at its address is " + holdings.server() + ", and the region's is "
                        + (own == null ? "not known" : own));
    }

    /** Why nothing of all that the region executed counts now. */
    private static Optional<String> unfit(String region, Holdings holdings, ClusterState cluster) {
        if (!holdings.relaxed().isEmpty()) {
            return Optional.of("may forget what it commits: " + holdings.relaxed());
        }
        if (cluster.regions().stream()
                .filter(RegionState::present)
                .noneMatch(state -> state.region().equals(region))) {
            return Optional.of("none of its coordinators is connected to ZooKeeper, so a failover would not ask it");
        }
        if (holdings.epoch() > cluster.epoch()) {
            return Optional.of(lives(holdings, cluster) + ", as far as ZooKeeper was seen");
        }
        return cluster.master().value().cut() == null
                ? Optional.of("the history of epoch " + cluster.epoch() + " is not known yet")
                : Optional.empty();
    }

    private static Kept nothing(Holdings holdings, boolean ahead, String why) {
        return new Kept(holdings.executed(), GtidSet.EMPTY, holdings.voided(), ahead, why);
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
        return "lacks " + WaitAnswer.brief(lacking) + (reason.isEmpty() ? "" : "; " + reason);
    }
}

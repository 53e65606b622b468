package io.regent.failover.history;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Report;
import io.regent.sql.gtid.GtidSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the cluster's history, as far as a look at ZooKeeper says.
 *
 * <p>While the newest epoch has no cut, the last epoch with one still defines history: nothing is stranded, diverged or
 * void by the new one.
 *
 * @param cluster what ZooKeeper said
 * @param certified the newest epoch that has a cut
 * @param region its master
 * @param cut its cut
 */
public record History(ClusterState cluster, long certified, String region, GtidSet cut) {

    /**
     * Reads it off one look at ZooKeeper.
     *
     * @throws IllegalStateException if no epoch has a cut: then ZooKeeper was tampered with, the first one has
     */
    public static History of(ClusterState cluster) {
        Master master = cluster.master().value();
        if (master.cut() != null) {
            return new History(cluster, master.epoch(), master.region(), master.cut());
        }
        for (long epoch = master.epoch() - 1; epoch >= 1; epoch--) {
            Ended ended = cluster.history().get(epoch);
            if (ended != null && ended.cut() != null) {
                return new History(cluster, epoch, ended.region(), ended.cut());
            }
        }
        throw new IllegalStateException("no epoch up to " + master.epoch() + " has a cut");
    }

    /**
     * The part of what a region executed that was deliverable under the certified epoch. The master's own GTIDs beyond
     * the cut count at the master itself only if it opened in that epoch: before, they are strays of its own [a
     * written-to region adopts its own stray rows].
     *
     * @param holder the region that executed the set
     * @param openedEpoch the last epoch in which the holder's MySQL was opened
     */
    public GtidSet within(String holder, GtidSet executed, long openedEpoch) {
        GtidSet own = GtidSet.EMPTY;
        if (!holder.equals(region) || openedEpoch >= certified) {
            @Nullable UUID origin = cluster.origin(region).orElse(null);
            own = executed.restrictedTo(uuid -> uuid.equals(origin));
        }
        return executed.intersect(cut).union(own).subtract(cluster.voided());
    }

    /** What a region executed and history does not hold: stranded, or errant. If not empty, it has diverged. */
    public GtidSet outside(String holder, GtidSet executed, long openedEpoch) {
        return executed.subtract(within(holder, executed, openedEpoch)).subtract(cluster.voided());
    }

    /** Whether a region with this report executed something outside of history. */
    public boolean isDiverged(String holder, Report report) {
        return !outside(holder, report.executed(), report.openedEpoch()).isEmpty();
    }

    /**
     * Who was named since a region last opened and did not come to that, by the epoch in which it was last tried. The
     * holder of the newest epoch is not among them.
     */
    public static Map<String, Long> inVain(ClusterState cluster) {
        Map<String, Long> tried = new TreeMap<>();
        for (long epoch = cluster.epoch() - 1; epoch >= 1; epoch--) {
            Ended ended = cluster.history().get(epoch);
            if (ended == null || ended.opened()) {
                break;
            }
            tried.putIfAbsent(ended.region(), epoch);
        }
        return tried;
    }

    /**
     * Regions that may still be open under an earlier epoch as far as history says: every holder that did not give its
     * epoch up, back to the last one that is known to have opened, which it did only after all before were closed.
     */
    public static Set<String> earlierHolders(ClusterState cluster) {
        Set<String> holders = new LinkedHashSet<>();
        boolean gaveUp = cluster.master().value().priorReleased();
        for (long epoch = cluster.epoch() - 1; epoch >= 1; epoch--) {
            Ended ended = Objects.requireNonNull(cluster.history().get(epoch), "history has a hole");
            if (!gaveUp && !ended.released()) {
                holders.add(ended.region());
            }
            if (ended.opened()) {
                break;
            }
            gaveUp = false;
        }
        return holders;
    }
}

package io.regent.failover.history;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a failover left behind, said after its cut was written.
 *
 * @param epoch the epoch with the new cut
 * @param lost known to exist, or part of the history before, and not in the cut
 * @param holders which region reported how much of it
 * @param holes the cut's gaps below its greatest number of a source that no verdict made: in {@code grouped} and
 *     {@code free} a lost transaction may lie between kept ones
 */
public record LossStatement(long epoch, GtidSet lost, SortedMap<String, GtidSet> holders, GtidSet holes) {

    /**
     * Computes it from a look after the cut was written.
     *
     * @throws IllegalArgumentException if the newest epoch has no cut yet
     */
    public static LossStatement of(ClusterState cluster) {
        GtidSet cut = cluster.master().value().cut();
        if (cut == null) {
            throw new IllegalArgumentException("epoch " + cluster.epoch() + " has no cut yet");
        }
        GtidSet lost = before(cluster).subtract(cut).subtract(cluster.voided());
        SortedMap<String, GtidSet> holders = new TreeMap<>();
        for (RegionState region : cluster.regions()) {
            GtidSet beyond = beyond(cluster, region, cut);
            if (!beyond.isEmpty()) {
                holders.put(region.region(), beyond);
                lost = lost.union(beyond);
            }
        }
        return new LossStatement(cluster.epoch(), lost, holders, holes(cut).subtract(cluster.voided()));
    }

    /** The new master's own numbers are what it writes now, not what was left behind. */
    private static GtidSet beyond(ClusterState cluster, RegionState region, GtidSet cut) {
        @Nullable Znode<Report> report = region.report();
        if (report == null) {
            return GtidSet.EMPTY;
        }
        GtidSet executed = report.value().executed();
        History history = History.of(cluster);
        return history.outside(region.region(), executed, report.value().openedEpoch())
                .subtract(cut);
    }

    private static GtidSet before(ClusterState cluster) {
        return cluster.history().values().stream()
                .filter(ended -> ended.cut() != null && ended.epoch() < cluster.epoch())
                .max(Comparator.comparingLong(Ended::epoch))
                .map(Ended::cut)
                .orElse(GtidSet.EMPTY);
    }

    private static GtidSet holes(GtidSet cut) {
        Map<Tsid, Long> last = new TreeMap<>();
        cut.tsids().forEach(tsid -> cut.last(tsid).ifPresent(number -> last.put(tsid, number)));
        GtidSet full = GtidSet.EMPTY;
        for (Map.Entry<Tsid, Long> entry : last.entrySet()) {
            full = full.union(GtidSet.of(entry.getKey(), new Interval(1, entry.getValue())));
        }
        return full.subtract(cut);
    }
}

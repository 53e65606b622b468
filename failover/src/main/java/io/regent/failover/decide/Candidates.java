package io.regent.failover.decide;

import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is fit to be named: present, not in maintenance, its MySQL answers, not diverged, in possession of what it gave a
 * number to, every verdict settled; of those one that was not named in vain lately; of those one whose executed set no
 * other's exceeds; of those the preferred one. The region that just gave up is named again only if nobody else is fit.
 */
public final class Candidates {
    private Candidates() {}

    static Optional<String> choose(ClusterState cluster) {
        String old = cluster.master().value().region();
        List<RegionState> fit = new ArrayList<>();
        for (RegionState region : cluster.regions()) {
            if (isFit(cluster, region)) {
                fit.add(region);
            }
        }
        List<RegionState> others =
                fit.stream().filter(region -> !region.region().equals(old)).toList();
        List<RegionState> field = triedLongestAgo(cluster, others.isEmpty() ? fit : others);
        return field.stream()
                .filter(region -> field.stream().noneMatch(other -> exceeds(other, region)))
                .map(RegionState::region)
                .findFirst();
    }

    /**
     * Those that were not named since a region last opened; if all were, the one whose turn was the longest ago. Else two
     * that do not come to open would name each other for ever, and the third that would never have its turn.
     */
    private static List<RegionState> triedLongestAgo(ClusterState cluster, List<RegionState> field) {
        Map<String, Long> tried = History.inVain(cluster);
        long least = field.stream()
                .mapToLong(region -> tried.getOrDefault(region.region(), 0L))
                .min()
                .orElse(0);
        return field.stream()
                .filter(region -> tried.getOrDefault(region.region(), 0L) == least)
                .toList();
    }

    /** Whether a region could be named now. */
    public static boolean isFit(ClusterState cluster, RegionState region) {
        Znode<Report> report = region.report();
        return region.present()
                && !cluster.policy().value().spares(region.region())
                && report != null
                && report.value().state().answers()
                && report.value().settled() >= cluster.master().value().verdict()
                && !History.of(cluster).isDiverged(region.region(), report.value())
                && report.value().forgotten().isEmpty();
    }

    /**
     * Whether a region may be handed its mastership back, be it out of reach for a moment: then others wait for it, and
     * keep the cut, of which it alone may have the last part. Not what it cannot get rid of by itself in its own epoch.
     */
    static boolean mayHaveBack(ClusterState cluster, RegionState region) {
        Znode<Report> report = region.report();
        return report == null
                || (report.value().forgotten().isEmpty()
                        && !History.of(cluster).isDiverged(region.region(), report.value()));
    }

    private static boolean exceeds(RegionState other, RegionState region) {
        GtidSet theirs = executed(other);
        GtidSet ours = executed(region);
        return theirs.contains(ours) && !ours.contains(theirs);
    }

    private static GtidSet executed(RegionState region) {
        Znode<Report> report = region.report();
        return report == null ? GtidSet.EMPTY : report.value().executed();
    }
}

package io.regent.coordinator.wait;

import io.regent.coordinator.wait.WaitAnswer.Outcome;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Origin;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Tsid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is true of some transactions at one moment.
 *
 * @param origins regions that originated any of them: they do not count
 * @param orphaned whether the region is not known that originated some of them: it may be any, of those that have them too
 * @param has regions in which all of them are kept
 * @param missing what each other region lacks, or why it does not count
 * @param voided the part that is void
 * @param outside the part that is outside history as this look at ZooKeeper knows it
 * @param late whether another region lives in a newer epoch than this look shows, or did not say yet
 */
record Judgement(
        Set<String> origins,
        boolean orphaned,
        List<String> has,
        Map<String, String> missing,
        GtidSet voided,
        GtidSet outside,
        boolean late) {
    /** Judges them by what is known of each region of the cluster, in the order of the map. */
    static Judgement of(GtidSet gtids, Map<String, Kept> regions, Sight sight) {
        ClusterState cluster = sight.cluster();
        Set<String> origins = origins(gtids, sight);
        GtidSet voided = cluster == null ? GtidSet.EMPTY : cluster.voided();
        List<String> has = new ArrayList<>();
        Map<String, String> missing = new LinkedHashMap<>();
        boolean late = false;
        for (Map.Entry<String, Kept> region : regions.entrySet()) {
            voided = voided.union(region.getValue().voided());
            if (!origins.contains(region.getKey())) {
                late |= region.getValue().mayBeAhead();
                if (cluster != null && region.getValue().has(gtids)) {
                    has.add(region.getKey());
                } else {
                    missing.put(
                            region.getKey(),
                            cluster == null ? sight.why() : region.getValue().lacks(gtids));
                }
            }
        }
        return new Judgement(
                origins,
                isOrphaned(gtids, sight),
                has,
                missing,
                gtids.intersect(voided),
                outside(gtids, cluster),
                late);
    }

    /** Regions that originated any of these, as far as the look knows. */
    static Set<String> origins(GtidSet gtids, Sight sight) {
        ClusterState cluster = sight.cluster();
        if (cluster == null) {
            return Set.of();
        }
        Set<UUID> uuids = uuids(gtids);
        return cluster.origins().stream()
                .filter(origin -> uuids.contains(origin.uuid()))
                .map(Origin::region)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether the look knows no region that originated some of these. The founding cut may hold such: those of a server
     * that a region had before.
     */
    static boolean isOrphaned(GtidSet gtids, Sight sight) {
        ClusterState cluster = sight.cluster();
        return cluster == null
                || !cluster.origins().stream()
                        .map(Origin::uuid)
                        .collect(Collectors.toSet())
                        .containsAll(uuids(gtids));
    }

    private static Set<UUID> uuids(GtidSet gtids) {
        return gtids.tsids().stream().map(Tsid::uuid).collect(Collectors.toSet());
    }

    private static GtidSet outside(GtidSet gtids, @Nullable ClusterState cluster) {
        GtidSet cut = cluster == null ? null : cluster.master().value().cut();
        if (cluster == null || cut == null) {
            return GtidSet.EMPTY;
        }
        UUID master = cluster.origin(cluster.master().value().region()).orElse(null);
        return gtids.subtract(cut).restrictedTo(uuid -> !uuid.equals(master));
    }

    /**
     * The answer, if it is one already; null while there is hope. Void comes first: it is for ever.
     *
     * @param proven whether the look is certain to show the epoch in which they were committed. Without that they may be
     *     outside of an older one only [a follower that was cut off showed the epoch before; the application took
     *     "never" at its word, and booked twice].
     */
    @Nullable Outcome outcome(int regions, boolean proven) {
        if (!voided.isEmpty()) {
            return Outcome.VOID;
        }
        if (!outside.isEmpty()) {
            return proven && !late ? Outcome.STRANDED : null;
        }
        return has.size() >= needed(regions) ? Outcome.REPLICATED : null;
    }

    /** In how many of the regions that count: where it began may be one of them, and does not count. */
    private int needed(int regions) {
        return orphaned ? regions + 1 : regions;
    }

    /** Why the answer is this one, in one sentence; empty for yes. */
    String reason(Outcome outcome, int regions) {
        return switch (outcome) {
            case REPLICATED -> "";
            case VOID -> "void: a verdict made " + voided + " empty everywhere; its rows are in no region";
            case STRANDED ->
                "stranded: " + outside + " is outside history, where no other region takes it from ('dbctl history')";
            default ->
                "in " + has.size() + " of " + needed(regions) + " regions within the time"
                        + (orphaned ? " (one more than asked for: where it began is not known, and does not count)" : "")
                        + (outside.isEmpty() ? "" : "; " + outside + " is outside history as it was last seen");
        };
    }
}

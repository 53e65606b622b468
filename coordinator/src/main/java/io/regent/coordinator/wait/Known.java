package io.regent.coordinator.wait;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Origin;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Tsid;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What all waits need of one look at ZooKeeper, computed once.
 *
 * @param sight the look
 * @param voided what verdicts made void
 * @param owners the region of each server uuid
 */
record Known(Sight sight, GtidSet voided, Map<UUID, String> owners) {
    static Known of(Sight sight) {
        ClusterState cluster = sight.cluster();
        return cluster == null
                ? new Known(sight, GtidSet.EMPTY, Map.of())
                : new Known(
                        sight,
                        cluster.voided(),
                        cluster.origins().stream().collect(Collectors.toUnmodifiableMap(Origin::uuid, Origin::region)));
    }

    /** Whether it is of this look. */
    boolean isOf(Sight other) {
        return sight.isSameAs(other);
    }

    /** Regions that originated any of these, as far as the look knows. */
    Set<String> origins(GtidSet gtids) {
        return gtids.tsids().stream()
                .map(tsid -> owners.get(tsid.uuid()))
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether the look knows no region that originated some of these. The founding cut may hold such: those of a server
     * that a region had before.
     */
    boolean isOrphaned(GtidSet gtids) {
        return !owners.keySet()
                .containsAll(gtids.tsids().stream().map(Tsid::uuid).collect(Collectors.toSet()));
    }

    /** The part of these that an operator let go: who executed it may have it empty. */
    GtidSet skipped(GtidSet gtids) {
        @Nullable ClusterState cluster = sight.cluster();
        return cluster == null ? GtidSet.EMPTY : gtids.intersect(cluster.skipped());
    }

    /** The part of these that is outside history. */
    GtidSet outside(GtidSet gtids) {
        @Nullable ClusterState cluster = sight.cluster();
        @Nullable GtidSet cut = cluster == null ? null : cluster.master().value().cut();
        if (cluster == null || cut == null) {
            return GtidSet.EMPTY;
        }
        UUID master = cluster.origin(cluster.master().value().region()).orElse(null);
        return gtids.subtract(cut).restrictedTo(uuid -> !uuid.equals(master));
    }
}

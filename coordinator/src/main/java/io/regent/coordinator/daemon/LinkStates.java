package io.regent.coordinator.daemon;

import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.replicator.link.LinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the links into a region do, as it is told: that from the master, while it is away, with who relays in its place.
 *
 * <p>How far a relayed region is behind the master is the sum of two ways. Of the other one it knows what that region's
 * coordinator wrote to ZooKeeper: that it follows the master, which is within the last second.
 */
final class LinkStates {
    /** Within so much whoever follows has committed all that arrived ({@link LinkStatus#keepsUp}). */
    private static final Duration FOLLOWS = Duration.ofSeconds(1);

    private LinkStates() {}

    /**
     * All of them.
     *
     * @param cluster the last look at ZooKeeper; null before the first
     * @param links what each does, by source
     */
    static List<LinkState> of(@Nullable ClusterState cluster, Map<String, LinkStatus> links, Instant now) {
        String master = cluster == null ? "" : cluster.master().value().region();
        List<LinkState> all = new ArrayList<>();
        new TreeMap<>(links).forEach((source, status) -> {
            LinkState state = state(source, status, now);
            all.add(source.equals(master) ? relayed(state, reaches(cluster), links, now) : state);
        });
        return all;
    }

    private static Map<String, Reach> reaches(@Nullable ClusterState cluster) {
        Map<String, Reach> all = new TreeMap<>();
        for (RegionState region : cluster == null ? List.<RegionState>of() : cluster.regions()) {
            @Nullable Znode<Reach> said = region.reach();
            if (said != null && region.present()) {
                all.put(region.region(), said.value());
            }
        }
        return all;
    }

    /** By whoever brings it, and says that the master's MySQL streams to it; one that follows goes before others. */
    private static LinkState relayed(
            LinkState link, Map<String, Reach> reaches, Map<String, LinkStatus> links, Instant now) {
        LinkState found = null;
        for (Map.Entry<String, LinkStatus> other : new TreeMap<>(links).entrySet()) {
            Reach reach = reaches.getOrDefault(other.getKey(), Reach.NONE);
            if (other.getValue().standsIn() && reach.reached().contains(link.source())) {
                Long late = reach.follows(link.source()) ? late(other.getValue(), now) : null;
                if (found == null || (found.lagMillis() == null && late != null)) {
                    found = link.relayedBy(other.getKey(), late);
                }
            }
        }
        return found == null ? link : found;
    }

    private static @Nullable Long late(LinkStatus link, Instant now) {
        return link.lag(now).map(lag -> lag.plus(FOLLOWS).toMillis()).orElse(null);
    }

    private static LinkState state(String source, LinkStatus status, Instant now) {
        return new LinkState(
                source,
                status.state().name().toLowerCase(Locale.ROOT),
                status.detail(),
                status.applied(),
                status.last() == null ? null : status.last().toString(),
                status.lag(now).map(Duration::toMillis).orElse(null),
                status.stopped(),
                null);
    }
}

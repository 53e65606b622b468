package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.cluster.FoundingServers.Server;
import io.regent.coordinator.zookeeper.Refounding;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the servers have of what the last epoch delivered. All of them were read, and closed before: none has more of it
 * anywhere. Were it left to the coordinators, the first ones to come back would not wait for the others [a region that came
 * back alone opened without what another had acknowledged].
 */
final class AdoptedUnion {
    private AdoptedUnion() {}

    static GtidSet of(Refounding anew, Map<String, Server> servers) {
        History history = History.of(cluster(anew));
        return servers.entrySet().stream()
                .map(one -> history.within(
                        one.getKey(),
                        one.getValue().state().gtidExecuted(),
                        one.getValue().recorded().openedEpoch()))
                .reduce(GtidSet.EMPTY, GtidSet::union);
    }

    private static ClusterState cluster(Refounding anew) {
        List<RegionState> regions = new ArrayList<>();
        anew.leases()
                .forEach((region, lease) -> regions.add(new RegionState(region, new Znode<>(lease, 0), null, false)));
        SortedMap<Long, Ended> ended = new TreeMap<>();
        anew.history().forEach(one -> ended.put(one.epoch(), one));
        return new ClusterState(
                new Znode<>(anew.master(), 0),
                regions,
                ended,
                Map.of(),
                anew.verdicts(),
                anew.origins(),
                Policy.UNSAID);
    }
}

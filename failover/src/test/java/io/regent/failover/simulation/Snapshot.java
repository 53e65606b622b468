package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.Duty;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * All of ZooKeeper at one transaction.
 *
 * @param zxid the transaction's number
 * @param cluster the cluster's znodes
 * @param latches creation id of each coordinator's latch to its name, {@code region/n}
 */
record Snapshot(long zxid, ClusterState cluster, SortedMap<Long, String> latches) {
    Snapshot with(ClusterState next) {
        return new Snapshot(zxid + 1, next, latches);
    }

    Snapshot withMaster(Master master) {
        Znode<Master> before = cluster.master();
        return with(Clusters.master(cluster, new Znode<>(master, before.version() + 1)));
    }

    Snapshot withRegion(String region, UnaryOperator<RegionState> change) {
        return with(Clusters.regions(cluster, changed(region, change)));
    }

    private List<RegionState> changed(String region, UnaryOperator<RegionState> change) {
        return cluster.regions().stream()
                .map(state -> state.region().equals(region) ? change.apply(state) : state)
                .toList();
    }

    Snapshot withLatch(String coordinator) {
        SortedMap<Long, String> next = new TreeMap<>(latches);
        next.put(zxid + 1, coordinator);
        return withLatches(next);
    }

    Snapshot withoutLatch(long id) {
        SortedMap<Long, String> next = new TreeMap<>(latches);
        next.remove(id);
        return withLatches(next);
    }

    private Snapshot withLatches(SortedMap<Long, String> next) {
        List<RegionState> regions = cluster.regions().stream()
                .map(state -> new RegionState(
                        state.region(),
                        state.lease(),
                        state.report(),
                        next.values().stream().anyMatch(name -> regionOf(name).equals(state.region())),
                        state.reach()))
                .toList();
        return new Snapshot(zxid + 1, Clusters.regions(cluster, regions), next);
    }

    /** The offices of the coordinator whose latch has this id. */
    Duty duty(String coordinator, long latch) {
        String region = regionOf(coordinator) + "/";
        long first = -1;
        for (Map.Entry<Long, String> entry : latches.entrySet()) {
            if (entry.getValue().startsWith(region)) {
                first = entry.getKey();
                break;
            }
        }
        boolean leads = !latches.isEmpty() && latches.firstKey() == latch;
        return new Duty(first == latch, leads, latch);
    }

    static String regionOf(String coordinator) {
        return coordinator.substring(0, coordinator.indexOf('/'));
    }
}

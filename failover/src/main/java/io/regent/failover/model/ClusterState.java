package io.regent.failover.model;

import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that was read from ZooKeeper in one look, {@code /master} first and on one session. It may be old.
 *
 * @param master {@code /master}
 * @param regions the cluster's regions, the preferred one first
 * @param history ended epochs by number
 * @param plans plans by id
 * @param verdicts all verdicts
 * @param origins all server uuids
 * @param policy what operators want of the automation; of version -1 if they never said
 * @param skipped transactions that an operator let every region without them commit empty
 */
public record ClusterState(
        Znode<Master> master,
        List<RegionState> regions,
        SortedMap<Long, Ended> history,
        Map<String, Znode<Plan>> plans,
        List<Verdict> verdicts,
        List<Origin> origins,
        Znode<Policy> policy,
        GtidSet skipped) {

    /** One in which nothing was skipped. */
    public ClusterState(
            Znode<Master> master,
            List<RegionState> regions,
            SortedMap<Long, Ended> history,
            Map<String, Znode<Plan>> plans,
            List<Verdict> verdicts,
            List<Origin> origins,
            Znode<Policy> policy) {
        this(master, regions, history, plans, verdicts, origins, policy, GtidSet.EMPTY);
    }

    /**
     * The state of one region.
     *
     * @throws IllegalArgumentException if the cluster has no such region
     */
    public RegionState region(String name) {
        return regions.stream()
                .filter(state -> state.region().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no region " + name));
    }

    /** The newest epoch's number. */
    public long epoch() {
        return master.value().epoch();
    }

    /** The plan an operator made for the current epoch, if one stands. */
    public Optional<Plan> ordered(Plan.Kind kind) {
        return orders(kind).map(Znode::value).findFirst();
    }

    /** All plans of this kind that operators made for the current epoch and that stand. */
    public Stream<Znode<Plan>> orders(Plan.Kind kind) {
        List<Znode<Plan>> orders = new ArrayList<>();
        for (Znode<Plan> node : plans.values()) {
            Plan plan = node.value();
            if (plan.kind() == kind && plan.epoch() == epoch() && !plan.aborted()) {
                orders.add(node);
            }
        }
        orders.sort(Comparator.comparing(node -> node.value().id()));
        return orders.stream();
    }

    /** The frozen union of the current epoch, or null. */
    public @Nullable Znode<Plan> union() {
        return plans.get(Plan.unionId(epoch()));
    }

    /** Every GTID that a verdict made void. */
    public GtidSet voided() {
        return verdicts.stream().map(Verdict::voided).reduce(GtidSet.EMPTY, GtidSet::union);
    }

    /** The server uuid a region writes under now, if it has one. */
    public Optional<UUID> origin(String region) {
        return originsOf(region).max(Comparator.comparingLong(Origin::since)).map(Origin::uuid);
    }

    /** All uuids a region ever wrote under. */
    public Stream<Origin> originsOf(String region) {
        return origins.stream().filter(origin -> origin.region().equals(region));
    }
}

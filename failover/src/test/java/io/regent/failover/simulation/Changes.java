package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The znodes of which a cluster is made: which differ, and how a cluster is made of such as were read one by one. */
final class Changes {
    static final String MASTER = "/master";
    static final String PLANS = "/plans";
    static final String POLICY = "/policy";
    static final String SKIPS = "/skips";
    static final String LEASE = "/lease";
    static final String REPORT = "/report";
    private static final String VERDICTS = "/verdicts";
    private static final String ORIGINS = "/origins";
    private static final String HISTORY = "/history";
    private static final String REACH = "/reach";
    private static final String LATCH = "/latch";
    private static final String REGIONS = "/regions/";

    private final List<String> paths = new ArrayList<>();

    private Changes() {}

    /** The path of something of a region. */
    static String of(String region, String what) {
        return REGIONS + region + what;
    }

    /** The paths of what differs. A folder differs by its names alone. */
    static List<String> between(ClusterState one, ClusterState other) {
        Changes changes = new Changes();
        changes.compare(one, other);
        return changes.paths;
    }

    private void compare(ClusterState one, ClusterState other) {
        note(one.master(), other.master(), "", MASTER);
        note(one.policy(), other.policy(), "", POLICY);
        note(one.skipped(), other.skipped(), "", SKIPS);
        note(one.history().size(), other.history().size(), "", HISTORY);
        note(one.verdicts().size(), other.verdicts().size(), "", VERDICTS);
        note(one.origins().size(), other.origins().size(), "", ORIGINS);
        for (int i = 0; one.regions() != other.regions() && i < one.regions().size(); i++) {
            compare(one.regions().get(i), other.regions().get(i));
        }
        if (one.plans() != other.plans()) {
            note(one.plans().size(), other.plans().size(), "", PLANS);
            new TreeSet<>(differing(one.plans(), other.plans())).forEach(id -> paths.add(PLANS + "/" + id));
        }
    }

    private static List<String> differing(Map<String, Znode<Plan>> one, Map<String, Znode<Plan>> other) {
        List<String> ids = new ArrayList<>();
        one.forEach((id, plan) -> {
            Znode<Plan> then = other.get(id);
            if (!plan.equals(then)) {
                ids.add(id);
            }
        });
        return ids;
    }

    private void compare(RegionState one, RegionState other) {
        if (!one.equals(other)) {
            String folder = REGIONS + one.region();
            note(one.lease(), other.lease(), folder, LEASE);
            note(one.report(), other.report(), folder, REPORT);
            note(one.reach(), other.reach(), folder, REACH);
            note(one.present(), other.present(), folder, LATCH);
        }
    }

    private void note(@Nullable Object one, @Nullable Object other, String folder, String name) {
        if (one != other && (one == null || !one.equals(other))) {
            paths.add(folder + name);
        }
    }

    /**
     * What a client knows that reads one thing after the other.
     *
     * @param first where each folder, and what stands alone, is read
     * @param then where each thing of a region, and each plan, is read after that
     */
    static ClusterState compose(
            Znode<Master> master, Function<String, ClusterState> first, Function<String, ClusterState> then) {
        List<RegionState> regions = new ArrayList<>();
        for (RegionState region : then.apply(REGIONS).regions()) {
            regions.add(compose(region.region(), then));
        }
        return new ClusterState(
                master,
                regions,
                first.apply(HISTORY).history(),
                plans(first, then),
                first.apply(VERDICTS).verdicts(),
                first.apply(ORIGINS).origins(),
                first.apply(POLICY).policy(),
                first.apply(SKIPS).skipped());
    }

    private static RegionState compose(String region, Function<String, ClusterState> then) {
        return new RegionState(
                region,
                then.apply(of(region, LEASE)).region(region).lease(),
                then.apply(of(region, REPORT)).region(region).report(),
                then.apply(of(region, LATCH)).region(region).present(),
                then.apply(of(region, REACH)).region(region).reach());
    }

    /** One of which the folder told and that is gone is not there; the others are as they are when they are read. */
    private static Map<String, Znode<Plan>> plans(
            Function<String, ClusterState> first, Function<String, ClusterState> then) {
        Map<String, Znode<Plan>> plans = new TreeMap<>();
        for (String id : first.apply(PLANS).plans().keySet()) {
            Znode<Plan> plan = then.apply(PLANS + "/" + id).plans().get(id);
            if (plan != null) {
                plans.put(id, plan);
            }
        }
        return plans;
    }
}

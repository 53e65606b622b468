package io.regent.failover.simulation;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Clusters with one thing changed; all else stays. */
final class Clusters {
    private Clusters() {}

    static ClusterState master(ClusterState now, Znode<Master> master) {
        return new ClusterState(
                master,
                now.regions(),
                now.history(),
                now.plans(),
                now.verdicts(),
                now.origins(),
                now.policy(),
                now.skipped());
    }

    static ClusterState regions(ClusterState now, List<RegionState> regions) {
        return new ClusterState(
                now.master(),
                regions,
                now.history(),
                now.plans(),
                now.verdicts(),
                now.origins(),
                now.policy(),
                now.skipped());
    }

    static ClusterState history(ClusterState now, SortedMap<Long, Ended> history) {
        return new ClusterState(
                now.master(),
                now.regions(),
                history,
                now.plans(),
                now.verdicts(),
                now.origins(),
                now.policy(),
                now.skipped());
    }

    static ClusterState plans(ClusterState now, Map<String, Znode<Plan>> plans) {
        return new ClusterState(
                now.master(),
                now.regions(),
                now.history(),
                plans,
                now.verdicts(),
                now.origins(),
                now.policy(),
                now.skipped());
    }

    static ClusterState verdicts(ClusterState now, List<Verdict> verdicts) {
        return new ClusterState(
                now.master(),
                now.regions(),
                now.history(),
                now.plans(),
                verdicts,
                now.origins(),
                now.policy(),
                now.skipped());
    }

    static ClusterState origins(ClusterState now, List<Origin> origins) {
        return new ClusterState(
                now.master(),
                now.regions(),
                now.history(),
                now.plans(),
                now.verdicts(),
                origins,
                now.policy(),
                now.skipped());
    }

    static ClusterState policy(ClusterState now, Znode<Policy> policy) {
        return new ClusterState(
                now.master(),
                now.regions(),
                now.history(),
                now.plans(),
                now.verdicts(),
                now.origins(),
                policy,
                now.skipped());
    }

    static ClusterState skipped(ClusterState now, GtidSet skipped) {
        return new ClusterState(
                now.master(),
                now.regions(),
                now.history(),
                now.plans(),
                now.verdicts(),
                now.origins(),
                now.policy(),
                skipped);
    }
}

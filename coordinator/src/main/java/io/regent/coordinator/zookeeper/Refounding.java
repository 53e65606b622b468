package io.regent.coordinator.zookeeper;

import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Verdict;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Map;

/**
 * All that a cluster is founded anew with.
 *
 * @param leases by region; each says what its server has, so that an older copy of it is recognised
 * @param union what the master is to execute before it opens, frozen
 */
public record Refounding(
        Master master,
        Timing timing,
        Map<String, Lease> leases,
        List<Origin> origins,
        List<Ended> history,
        List<Verdict> verdicts,
        Plan union) {
    /** Copies the collections. */
    public Refounding {
        leases = Map.copyOf(leases);
        origins = List.copyOf(origins);
        history = List.copyOf(history);
        verdicts = List.copyOf(verdicts);
    }

    /** The same with what its master is to execute. */
    public Refounding with(GtidSet frozen) {
        Plan plan = Plan.union(master.epoch(), master.region(), frozen);
        return new Refounding(master, timing, leases, origins, history, verdicts, plan);
    }
}

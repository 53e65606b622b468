package io.regent.failover.simulation;

import io.regent.failover.action.Hands;
import io.regent.failover.action.Outcome;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.action.ZookeeperAction.Publish;
import io.regent.failover.action.ZookeeperAction.PublishReach;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.action.ZookeeperAction.Renew;
import io.regent.failover.action.ZookeeperAction.Withdraw;
import io.regent.failover.action.ZookeeperAction.WritePlan;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Reach;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The half of the hands that writes to ZooKeeper. */
abstract class ZooKeeperHands implements Hands {
    private final SimZooKeeper zookeeper;
    private final Variant variant;

    ZooKeeperHands(SimZooKeeper zookeeper, Variant variant) {
        this.zookeeper = zookeeper;
        this.variant = variant;
    }

    abstract SimZooKeeper.Session session();

    /** What was seen last of the cluster. */
    abstract @Nullable ClusterState seen();

    /** Whether a neighbour recorded what does not go with this epoch. */
    abstract boolean contradicted(long epoch);

    @Override
    public Outcome renew(Renew action) {
        if (contradicted(action.lease().epoch())) {
            return Outcome.REFUSED;
        }
        Outcome outcome = zookeeper.write(session(), state -> {
            return state.cluster().master().version() != action.masterVersion()
                    ? null
                    : state.withRegion(
                            action.region(),
                            region -> new RegionState(
                                    region.region(),
                                    new Znode<>(action.lease(), region.lease().version() + 1),
                                    region.report(),
                                    region.present(),
                                    region.reach()));
        });
        if (variant.has(Flaw.READ_RENEWS) && outcome.result() == Outcome.Result.UNKNOWN) {
            Snapshot read = zookeeper.read(session());
            boolean same = read != null && read.cluster().master().version() == action.masterVersion();
            return same ? Outcome.DONE : outcome;
        }
        return outcome;
    }

    @Override
    public Outcome changeMaster(ChangeMaster action) {
        ClusterState seen = seen();
        if (seen != null) {
            zookeeper.attempts(seen, action);
        }
        boolean checked = !isUnchecked(action);
        Outcome outcome = zookeeper.write(
                session(),
                state -> changed(
                        state,
                        action,
                        checked
                                ? action.from().version()
                                : state.cluster().master().version()));
        if (variant.has(Flaw.RETRIES_BAD_VERSION) && outcome.result() == Outcome.Result.REFUSED) {
            return zookeeper.write(
                    session(),
                    state -> changed(state, action, state.cluster().master().version()));
        }
        if (variant.has(Flaw.BELIEVES_BAD_VERSION) && isBadVersionOfItsOwn(action, outcome)) {
            zookeeper.again(
                    session(),
                    state -> changed(state, action, state.cluster().master().version()));
            return Outcome.DONE;
        }
        return outcome.isDone() ? outcome : Outcome.UNKNOWN;
    }

    private boolean isBadVersionOfItsOwn(ChangeMaster action, Outcome outcome) {
        String attempt = zookeeper.current().cluster().master().value().attempt();
        return outcome.result() == Outcome.Result.REFUSED
                && attempt.equals(action.to().attempt());
    }

    private boolean isUnchecked(ChangeMaster action) {
        Master from = action.from().value();
        boolean undoes = from.closing() != null
                && action.to().equals(from.withoutClosing(action.to().attempt()));
        boolean names = action.to().epoch() > from.epoch() && action.to().cut() == null;
        return (undoes && variant.has(Flaw.UNDOES_UNCHECKED)) || (names && variant.has(Flaw.NAMES_UNCHECKED));
    }

    private @Nullable Snapshot changed(Snapshot state, ChangeMaster action, int version) {
        ClusterState cluster = state.cluster();
        boolean stands = cluster.master().version() == version
                && action.checks().stream().allMatch(check -> stands(cluster, check));
        if (!stands) {
            return null;
        }
        Snapshot next = state.withMaster(action.to());
        Ended ended = action.ended();
        if (ended == null) {
            return next;
        }
        SortedMap<Long, Ended> history = new TreeMap<>(cluster.history());
        history.put(ended.epoch(), ended);
        return new Snapshot(next.zxid(), Clusters.history(next.cluster(), history), next.latches());
    }

    private static boolean stands(ClusterState cluster, Check check) {
        if (check.kind() == Check.Kind.POLICY) {
            return cluster.policy().version() == check.version();
        }
        if (check.kind() == Check.Kind.LEASE) {
            return cluster.region(check.name()).lease().version() == check.version();
        }
        Znode<Plan> plan = cluster.plans().get(check.name());
        return plan != null && plan.version() == check.version();
    }

    @Override
    public Outcome judge(Judge action) {
        Outcome outcome = zookeeper.write(session(), state -> {
            ClusterState cluster = state.cluster();
            if (cluster.master().version() != action.from().version()) {
                return null;
            }
            Master master = cluster.master().value();
            Master next = new Master(
                    master.epoch(),
                    master.region(),
                    master.givingUp(),
                    master.cut(),
                    action.verdict().number(),
                    action.attempt());
            List<Verdict> verdicts = new ArrayList<>(cluster.verdicts());
            verdicts.add(action.verdict());
            return state.with(Clusters.verdicts(cluster, List.copyOf(verdicts))).withMaster(next);
        });
        return outcome.isDone() ? outcome : Outcome.UNKNOWN;
    }

    /** Where it was not set back, the look was old, and the compare-and-set must fail. */
    @Override
    public Outcome withdraw(Withdraw action) {
        Outcome outcome = zookeeper.write(session(), state -> {
            if (state.cluster().master().version() != action.from().version()) {
                return null;
            }
            if (!zookeeper.wasSetBack()) {
                throw new Violation("NothingIsWithdrawn", "nothing was set back: " + action);
            }
            zookeeper.withdraw();
            return state.withMaster(state.cluster().master().value());
        });
        return outcome.isDone() ? outcome : Outcome.UNKNOWN;
    }

    @Override
    public Outcome writePlan(WritePlan action) {
        return zookeeper.write(session(), state -> {
            Znode<Plan> before = state.cluster().plans().get(action.plan().id());
            int version = before == null ? -1 : before.version();
            boolean stands =
                    state.cluster().master().version() == action.masterVersion() && version == action.planVersion();
            return stands ? withPlan(state, action.plan(), version + 1) : null;
        });
    }

    static Snapshot withPlan(Snapshot state, Plan plan, int version) {
        ClusterState cluster = state.cluster();
        Map<String, Znode<Plan>> plans = new HashMap<>(cluster.plans());
        plans.put(plan.id(), new Znode<>(plan, version));
        return state.with(Clusters.plans(cluster, Map.copyOf(plans)));
    }

    @Override
    public Outcome publish(Publish action) {
        return zookeeper.write(session(), state -> {
            RegionState before = state.cluster().region(action.region());
            int version = before.report() == null ? -1 : before.report().version();
            return version != action.reportVersion()
                    ? null
                    : state.withRegion(
                            action.region(),
                            region -> new RegionState(
                                    region.region(),
                                    region.lease(),
                                    new Znode<>(action.report(), version + 1),
                                    region.present(),
                                    region.reach()));
        });
    }

    @Override
    public Outcome publishReach(PublishReach action) {
        return zookeeper.write(session(), state -> {
            Znode<Reach> before = state.cluster().region(action.region()).reach();
            int version = before == null ? -1 : before.version();
            return version != action.reachVersion()
                    ? null
                    : state.withRegion(
                            action.region(),
                            region -> new RegionState(
                                    region.region(),
                                    region.lease(),
                                    region.report(),
                                    region.present(),
                                    new Znode<>(action.reach(), version + 1)));
        });
    }

    @Override
    public Outcome readBack(ReadBack action) {
        Outcome outcome = zookeeper.write(session(), state -> state.with(state.cluster()));
        return outcome.result() == Outcome.Result.REFUSED ? Outcome.DONE : outcome;
    }
}

package io.regent.failover.decide;

import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.history.History;
import io.regent.failover.history.Numbers;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Held;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One moment of one coordinator, with the questions that rules ask of it.
 *
 * @param view what it sees and remembers
 * @param at the moment
 * @param token an id that was never used before: the nonce or the attempt of this decision
 * @param timing the cluster's timings
 */
record Situation(RegionView view, Moment at, String token, Timing timing) {
    static final String OUT_OF_THE_WAY = "lets the region that was handed the epoch open first";

    /** How long a hand-over is given before everybody goes on as if there were none. */
    static final Duration HANDING_OVER = Duration.ofMillis(500);

    /** How long links that bring something may take for what is left of a hand-over. */
    static final Duration LONGEST_REST = Duration.ofSeconds(3);

    private static final int CALM = 2;
    private static final int HURRIED = 10;

    /** ZooKeeper's answer; only rules that come after {@link RegionRules} made sure of it ask. */
    ClusterState cluster() {
        return Objects.requireNonNull(view.cluster(), "ZooKeeper did not answer");
    }

    Znode<Master> masterNode() {
        return cluster().master();
    }

    Master master() {
        return masterNode().value();
    }

    String region() {
        return view.region();
    }

    /** Region and name of the coordinator. */
    String who() {
        return view.region() + "/" + view.coordinator();
    }

    RegionState regionState() {
        return cluster().region(region());
    }

    /** Whether the region is named and has not released. */
    boolean named() {
        return master().names(region());
    }

    /** Whether an operator wants nothing taken over or given up by itself. */
    boolean paused() {
        return cluster().policy().value().paused() != null;
    }

    /** That operators still want what was seen: a pause holds from the moment it is written. */
    List<Check> samePolicy() {
        int version = cluster().policy().version();
        return version < 0 ? List.of() : List.of(new Check(Check.Kind.POLICY, "", version));
    }

    boolean closing() {
        return named() && master().closing() != null;
    }

    @Nullable LocalState local() {
        return view.own().state();
    }

    boolean isIn(WriteState state) {
        LocalState local = local();
        return local != null && local.state() == state;
    }

    /** Whether the own MySQL lives in the newest epoch, and knows its cut and verdicts. */
    boolean upToDate() {
        LocalState local = local();
        return local != null
                && local.recorded().isUpTo(master())
                && local.recorded().settledVerdicts() >= master().verdict();
    }

    /** Whether this coordinator's own lease lasts; after its restart its row in MySQL speaks for it. */
    boolean leased() {
        Held held = view.memory().held();
        LocalState local = local();
        if (held == null) {
            return local != null && local.leasedBy(view.coordinator());
        }
        return held.isLive(at, timing.ttl());
    }

    /** Whether what this coordinator itself holds of a lease lasts for this long. */
    boolean leasedFor(Duration length) {
        Held held = view.memory().held();
        return held != null && held.isLive(at, timing.ttl().minus(length));
    }

    /** Whether a move is ordered that waits until this region has caught up. */
    boolean awaited() {
        return destination().filter(region()::equals).isPresent();
    }

    /** How long this observer leaves to the controller what every observer would do: nothing if it is that. */
    Duration turn() {
        return view.duty().controller() ? Duration.ZERO : timing.period();
    }

    /** For how long this process has certainly seen a plan as it is. */
    Duration since(Znode<Plan> plan) {
        return view.memory().sincePlan(plan.value().id(), plan.version(), at);
    }

    /** Whether whoever gave this order did not want it to count any more by now. */
    boolean isExpired(Znode<Plan> order) {
        Duration life = order.value().life();
        return life != null && since(order).compareTo(life) >= 0;
    }

    /** What an operator ordered, if it counts. */
    Optional<Znode<Plan>> ordered(Plan.Kind kind) {
        return cluster().orders(kind).filter(order -> !isExpired(order)).findFirst();
    }

    /** Where the mastership is ordered to, if it is not there. */
    private Optional<String> destination() {
        return ordered(Plan.Kind.MOVE).map(order -> order.value().to()).filter(to -> !to.equals(master().region()));
    }

    /** Whether this region is one end of a move that is ordered: the sooner each sees the other, the shorter the pause. */
    private boolean moving() {
        return destination().filter(to -> named() || to.equals(region())).isPresent();
    }

    /**
     * Whether a hand-over waits for nothing from here. To record the epoch and to stop and start links now would take from
     * a small machine what the new master needs to open; the former holder stays SEALED meanwhile. While the new master
     * lives in the epoch before, its links still bring the rest, and the former holder's mark must not tell them to stop.
     */
    boolean isOutOfTheWay() {
        Znode<Report> report = cluster().region(master().region()).report();
        boolean recorded = report != null && report.value().epoch() >= master().epoch();
        boolean open = report != null && report.value().openedEpoch() == master().epoch();
        return !named()
                && master().priorReleased()
                && master().cut() != null
                && !open
                && sinceEpoch().compareTo(recorded ? HANDING_OVER : LONGEST_REST) < 0;
    }

    /** For how long this process has certainly seen the newest epoch. */
    private Duration sinceEpoch() {
        return view.memory().sinceEpoch(cluster(), at);
    }

    /** What the own closed server had and has not any more, for its data went back in time; empty if nothing. */
    String forgotten() {
        LocalState local = local();
        if (local == null || local.isOpen()) {
            return ""; // while it writes, a smaller number may be committed after a greater
        }
        return Numbers.forgotten(cluster(), region(), local.uuid(), local.asks(), local.executed());
    }

    History history() {
        return History.of(cluster());
    }

    /** Whether another region has a coordinator that could take over. */
    boolean othersPresent() {
        return cluster().regions().stream()
                .anyMatch(other -> other.present() && !other.region().equals(region()));
    }

    /** How a plan that gives up without a target is called. */
    static final String RELEASE = "release:";

    /** How a plan that hands back to the region before is called. */
    static final String HAND_BACK = "back:";

    Decision act(String reason, Action... actions) {
        return new Decision(List.of(actions), reason, Duration.ZERO);
    }

    Decision rest(String reason) {
        boolean hurried = view.cluster() != null && moving();
        return new Decision(List.of(), reason, timing.period().dividedBy(hurried ? HURRIED : CALM));
    }
}

package io.regent.failover.decide;

import static io.regent.failover.Looks.set;

import io.regent.failover.Looks;
import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.Outcome;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Blocker;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Recorded;
import io.regent.failover.view.RegionView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One coordinator that looks and decides, one turn after the other, under the standard timings. */
final class Turns {
    private static final Timing TIMING = Timing.standard();

    private final RegionRules rules = new RegionRules(TIMING);
    private final ObserverRules observer = new ObserverRules(TIMING);
    private String region;
    private Duty duty = new Duty(true, true, 7);
    private Memory memory = Memory.EMPTY;
    private @Nullable Reach reach;
    private long monotonic = 1_000;
    private long wall = 501_000;
    private int tokens;

    /** A coordinator of this region that just started. */
    Turns(String region) {
        this.region = region;
    }

    /** Whose coordinator it is. */
    void of(String other) {
        region = other;
    }

    void duty(Duty next) {
        duty = next;
    }

    Moment at() {
        return new Moment(monotonic, wall);
    }

    /** Both clocks go on. */
    void pass(long millis) {
        monotonic += millis;
        wall += millis;
    }

    /** Somebody sets the wall clock forward. */
    void jump(long millis) {
        wall += millis;
    }

    Memory memory() {
        return memory;
    }

    void memory(Memory next) {
        memory = next;
    }

    /** Looks and decides nothing. */
    void see(@Nullable ClusterState cluster, OwnServer own) {
        memory = memory.observing(cluster, own, at());
    }

    void see(@Nullable ClusterState cluster, LocalState local) {
        see(cluster, OwnServer.up(local));
    }

    Decision decide(@Nullable ClusterState cluster, LocalState local) {
        return decide(cluster, OwnServer.up(local));
    }

    Decision decide(@Nullable ClusterState cluster, OwnServer own) {
        see(cluster, own);
        return rules.decide(view(cluster, own), at(), "token-" + ++tokens);
    }

    Decision observe(ClusterState cluster) {
        see(cluster, OwnServer.UNREACHABLE);
        return observer.decide(view(cluster, OwnServer.UNREACHABLE), at(), "token-" + ++tokens);
    }

    /** Whom the own links reach from now on; before, whom they said that they reach. */
    void reach(Reach next) {
        reach = next;
    }

    private Reach reach(@Nullable ClusterState cluster) {
        Znode<Reach> said = cluster == null ? null : cluster.region(region).reach();
        Reach same = said == null ? Reach.NONE : said.value();
        return reach == null ? same : reach;
    }

    private RegionView view(@Nullable ClusterState cluster, OwnServer own) {
        return new RegionView(region, region + "/1", duty, cluster, own, memory, reach(cluster));
    }

    /** Remembers all actions as done. */
    void done(Decision decision) {
        for (Action action : decision.actions()) {
            remember(action, action instanceof Close ? Outcome.closed(set("phx1:1-9"), true) : Outcome.DONE);
        }
    }

    /** Remembers all actions as having come to this. */
    void remember(Decision decision, Outcome outcome) {
        decision.actions().forEach(action -> remember(action, outcome));
    }

    void remember(Action action, Outcome outcome) {
        memory = action.remember(memory, outcome, at());
    }

    /** Renews phx1 once, as a region does before it opens. */
    Decision renewed(Looks looks) {
        Decision renewal = decide(looks.cluster(), looks.local("phx1", WriteState.STANDBY, "phx1:1-9", 0));
        done(renewal);
        return renewal;
    }

    /** Asked for a renewal just now, so that without a new beat it does not ask again. */
    void asked(long epoch) {
        memory = memory.withAsking(new Memory.Asking("nonce", epoch, at(), 100));
    }

    /** Renewed just now. */
    void held(long epoch) {
        memory = memory.withHeld(new Memory.Held("nonce", epoch, at()));
        asked(epoch);
    }

    /** Gives its region a report that leaves nothing to report. */
    LocalState reported(Looks looks, LocalState local) {
        Recorded recorded = local.recorded();
        String executed = local.executed().toString();
        looks.report(region, recorded.epoch(), recorded.openedEpoch(), executed, local.state());
        return local;
    }

    static List<Class<?>> kinds(Decision decision) {
        return decision.actions().stream().<Class<?>>map(Action::getClass).toList();
    }

    /** The same with a prepared XA transaction. */
    static LocalState prepared(LocalState local) {
        return new LocalState(
                local.state(),
                true,
                local.offline(),
                local.uuid(),
                local.executed(),
                local.recorded(),
                local.leases(),
                local.beat(),
                local.asks());
    }

    /** The same with clients that would hold a closing up. */
    static LocalState blocked(LocalState local, Blocker... by) {
        return new LocalState(
                local.state(),
                local.preparedXa(),
                local.offline(),
                local.uuid(),
                local.executed(),
                local.recorded(),
                local.leases(),
                local.beat(),
                local.asks(),
                List.of(by));
    }

    /** The same after another beat of the dead-man. */
    static LocalState nextBeat(LocalState local) {
        return new LocalState(
                local.state(),
                local.preparedXa(),
                local.offline(),
                local.uuid(),
                local.executed(),
                local.recorded(),
                local.leases(),
                local.beat() + 1,
                local.asks());
    }
}

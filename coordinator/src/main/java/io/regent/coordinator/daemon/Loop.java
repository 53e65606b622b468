package io.regent.coordinator.daemon;

import io.regent.coordinator.daemon.Journal.Whose;
import io.regent.coordinator.probe.OwnMysql;
import io.regent.coordinator.zookeeper.Latches;
import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.Outcome;
import io.regent.failover.cycle.Cycle;
import io.regent.failover.cycle.Decided;
import io.regent.failover.cycle.Step;
import io.regent.failover.cycle.Step.Failed;
import io.regent.failover.cycle.Step.LookAtCluster;
import io.regent.failover.cycle.Step.LookAtServer;
import io.regent.failover.cycle.Step.Perform;
import io.regent.failover.cycle.Step.Rest;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a {@link Cycle} says, again and again, on one thread, and tells of it. */
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final ClusterWatch cluster;
    private final Latches latches;
    private final OwnMysql mysql;
    private final Hands hands;
    private final Supplier<Reach> reach;
    private final Journal journal;
    private final Cycle cycle;

    private String told = "";
    private String observed = "";
    private String trouble = "";
    private volatile @Nullable Snapshot snapshot;

    /**
     * @param who region and name of the coordinator
     * @param reach whose MySQL answers the own region at this moment
     */
    Loop(
            Cycle.Who who,
            ClusterWatch cluster,
            Latches latches,
            OwnMysql mysql,
            Hands hands,
            Supplier<Reach> reach,
            Timing timing,
            Journal journal) {
        this.cluster = cluster;
        this.latches = latches;
        this.mysql = mysql;
        this.hands = hands;
        this.reach = reach;
        this.journal = journal;
        this.cycle = new Cycle(who, timing, new Tokens()::next);
    }

    /** All steps up to the next rest; how long to rest at most. */
    Duration turn() {
        if (cycle.step() instanceof Rest) {
            cycle.rested();
        }
        while (!(cycle.step() instanceof Rest)) {
            take(cycle.step());
        }
        return ((Rest) cycle.step()).longest();
    }

    private void take(Step step) {
        if (step instanceof LookAtCluster) {
            Moment began = Clock.now();
            ClusterState seen = cluster.look();
            cycle.sawCluster(seen, cluster.isOnNewSession(), began);
        } else if (step instanceof LookAtServer look) {
            OwnServer own = mysql.look(look.forBlockers());
            Duty duty = latches.duty(); // it may ask ZooKeeper: before the moment that leases are judged at
            cycle.sawServer(own, duty, reach.get(), Clock.now());
            show(decided());
        } else if (step instanceof Perform perform) {
            perform(perform.action());
        }
    }

    private void perform(Action action) {
        Moment before = Clock.now();
        Outcome outcome = action.perform(hands);
        cycle.did(outcome, before, Clock.now());
        Step next = cycle.step();
        if (next instanceof Rest rest && rest.failed() != null) {
            complain(decided(), rest.failed());
        } else if (!(next instanceof Perform)) {
            trouble = "";
            showOpening(decided());
        }
    }

    private Decided decided() {
        return Objects.requireNonNull(cycle.decided());
    }

    /** Clients wait for an opening, which was read back: they are told before anything is looked at again. */
    private void showOpening(Decided done) {
        RegionView before = done.view();
        LocalState local = before.own().state();
        if (local != null && done.region().actions().stream().anyMatch(Open.class::isInstance)) {
            RegionView open = new RegionView(
                    before.region(),
                    before.coordinator(),
                    before.duty(),
                    before.cluster(),
                    OwnServer.up(local.opened()),
                    cycle.memory(),
                    before.reach());
            snapshot = snapshot(open, Clock.now(), done.region().reason());
        }
    }

    private void complain(Decided decided, Failed failed) {
        Decision decision = decided.last();
        trouble = failed.outcome().why();
        journal.note(whose(decided), decided.view(), decision.reason(), failed.words());
        if (failed.again()) {
            LOG.debug("{}: {}", decision.reason(), failed.words());
        } else {
            LOG.warn("{}: {}", decision.reason(), failed.words());
        }
    }

    private static Whose whose(Decided decided) {
        return decided.cluster() == null ? Whose.REGION : Whose.CLUSTER;
    }

    private void show(Decided made) {
        tell(made.region());
        journal.note(Whose.REGION, made.view(), made.region().reason(), "");
        snapshot = snapshot(made.view(), made.at(), made.region().reason());
        Decision noticed = made.cluster();
        if (noticed == null) {
            return;
        }
        if (!noticed.actions().isEmpty()) {
            tell(noticed);
            journal.note(Whose.CLUSTER, made.view(), noticed.reason(), "");
        } else if (!noticed.reason().equals(observed)) {
            observed = noticed.reason();
            journal.note(Whose.CLUSTER, made.view(), observed, "");
        }
    }

    private Snapshot snapshot(RegionView view, Moment at, String reason) {
        return new Snapshot(view, at, reason, trouble, cluster.problem(), mysql.problem(), mysql.settings());
    }

    /** What is routine is told to who listens for it. */
    private void tell(Decision decision) {
        String reason = decision.reason();
        if (Journal.isRoutine(reason) || reason.equals(told)) {
            LOG.debug("{}", reason);
            return;
        }
        told = reason;
        LOG.info("{}", reason);
    }

    /** Whose MySQL answers the own region at this moment; for every thread. */
    Reach reach() {
        return reach.get();
    }

    /** What the last turn saw; null before the first. */
    @Nullable Snapshot snapshot() {
        return snapshot;
    }
}

package io.regent.coordinator.daemon;

import io.regent.coordinator.daemon.Journal.Whose;
import io.regent.coordinator.probe.OwnMysql;
import io.regent.coordinator.zookeeper.Latches;
import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.Hands;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.action.Outcome;
import io.regent.failover.decide.Draining;
import io.regent.failover.decide.ObserverRules;
import io.regent.failover.decide.RegionRules;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, decides, does, again and again, on one thread.
 *
 * <p>ZooKeeper is read before the own MySQL, so that a set is never older than the epoch it is judged under. A list of
 * actions is performed until one is not done; then, and after every list, the loop looks again before it decides
 * anything else: at the own MySQL always, at ZooKeeper unless clients wait ({@link Decision#goesOnAtOnce}).
 */
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(20);
    private static final Duration TELL_AGAIN = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 3;
    private static final Duration AFTER_SUCCESS = Duration.ofMillis(2);
    private static final Duration ON_THE_WAY = Duration.ofMillis(5);
    private static final Duration LONG_ON_THE_WAY = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(2);

    private final String region;
    private final String coordinator;
    private final ClusterWatch cluster;
    private final Latches latches;
    private final OwnMysql mysql;
    private final Hands hands;
    private final Supplier<Reach> reach;
    private final Duration period;
    private final RegionRules rules;
    private final ObserverRules observer;
    private final Journal journal;
    private final Tokens tokens = new Tokens();

    /** Nothing may be attempted on {@code /master} before the first read-back. */
    private Memory memory = Memory.EMPTY.withUnsure(true);

    /** What the last look at ZooKeeper gave. */
    private @Nullable ClusterState seen;

    private long seenAt;

    /** Whether the next turn goes on with that. */
    private boolean goesOn;

    private String told = "";
    private String observed = "";
    private String failed = "";
    private long failedAt;
    private int inVain;
    private String trouble = "";
    private boolean allDone;
    private volatile @Nullable Snapshot snapshot;

    /**
     * @param who region and name of the coordinator
     * @param reach whose MySQL answers the own region at this moment
     */
    Loop(
            Who who,
            ClusterWatch cluster,
            Latches latches,
            OwnMysql mysql,
            Hands hands,
            Supplier<Reach> reach,
            Timing timing,
            Journal journal) {
        this.region = who.region();
        this.coordinator = who.name();
        this.cluster = cluster;
        this.latches = latches;
        this.mysql = mysql;
        this.hands = hands;
        this.reach = reach;
        this.period = timing.period();
        this.rules = new RegionRules(timing);
        this.observer = new ObserverRules(timing);
        this.journal = journal;
    }

    /** Whose loop it is. */
    record Who(String region, String name) {}

    /** One turn; how long to rest after it at most. */
    Duration turn() {
        boolean goingOn = goesOn;
        lookAtCluster();
        OwnServer own = mysql.look(seen != null && Draining.isWatchedBy(region, seen));
        Duty duty = latches.duty(); // it may ask ZooKeeper: before the moment that leases are judged at
        Moment at = Clock.now();
        memory = memory.observing(seen, own, at);
        RegionView view = new RegionView(region, coordinator, duty, seen, own, memory, reach.get());
        Decision decision = rules.decide(view, at, tokens.next());
        show(view, at, decision);
        if (!decision.actions().isEmpty()) {
            Duration rest = perform(Whose.REGION, decision);
            goesOn = !goingOn && allDone && decision.goesOnAtOnce() && !isOld();
            showOpening(view, decision);
            return goesOn ? Duration.ZERO : rest;
        }
        if (goingOn) {
            return Duration.ZERO;
        }
        Decision noticed = observer.decide(view, at, tokens.next());
        if (!noticed.actions().isEmpty()) {
            tell(noticed);
            journal.note(Whose.CLUSTER, view, noticed.reason(), "");
            return perform(Whose.CLUSTER, noticed);
        }
        if (!noticed.reason().equals(observed)) {
            observed = noticed.reason();
            journal.note(Whose.CLUSTER, view, observed, "");
        }
        return shorter(isOnTheWay(view) ? onTheWay(seen, at) : decision.wake(), noticed.wake());
    }

    /** Anew, unless the last actions are gone on from at once; never twice in a row. */
    private void lookAtCluster() {
        if (goesOn) {
            goesOn = false;
            return;
        }
        seenAt = System.nanoTime();
        seen = cluster.look();
        if (cluster.isOnNewSession()) {
            memory = memory.onNewSession();
        }
    }

    /** A closing may take long, and what a region is that is to be master may have shown meanwhile. */
    private boolean isOld() {
        return System.nanoTime() - seenAt > period.toNanos();
    }

    /** Clients wait for an opening, which was read back: they are told before anything is looked at again. */
    private void showOpening(RegionView before, Decision decision) {
        LocalState local = before.own().state();
        if (local != null && allDone && decision.actions().stream().anyMatch(Open.class::isInstance)) {
            Moment at = Clock.now();
            OwnServer own = OwnServer.up(local.opened());
            RegionView open =
                    new RegionView(region, coordinator, before.duty(), before.cluster(), own, memory, before.reach());
            snapshot =
                    new Snapshot(open, at, decision.reason(), "", cluster.problem(), mysql.problem(), mysql.settings());
        }
    }

    private Duration perform(Whose whose, Decision decision) {
        trouble = "";
        allDone = false;
        for (Action action : decision.actions()) {
            Moment before = Clock.now();
            Outcome outcome = action.perform(hands);
            memory = action.remember(memory, outcome, before);
            if (!outcome.isDone()) {
                trouble = outcome.why();
                noteTrouble(whose, decision, nameOf(action) + " " + outcome.result() + ": " + trouble);
                return complain(decision.reason() + ": " + nameOf(action) + " " + outcome.result() + ": " + trouble);
            }
        }
        allDone = true;
        return AFTER_SUCCESS;
    }

    private void noteTrouble(Whose whose, Decision decision, String what) {
        Snapshot last = snapshot;
        if (last != null) {
            journal.note(whose, last.view(), decision.reason(), what);
        }
    }

    /** A failure that comes again and again is told once a minute, and less and less often tried. */
    private Duration complain(String failure) {
        long now = System.nanoTime();
        if (failure.equals(failed) && now - failedAt < TELL_AGAIN.toNanos()) {
            LOG.debug("{}", failure);
            inVain = Math.min(inVain + 1, MOST_DOUBLINGS);
        } else {
            LOG.warn("{}", failure);
            failed = failure;
            failedAt = now;
            inVain = 0;
        }
        return AFTER_FAILURE.multipliedBy(1L << inVain);
    }

    private static String nameOf(Action action) {
        return action.getClass().getSimpleName();
    }

    /** What it waits for comes by a link, or from its own dead-man: nobody tells it of that. */
    private boolean isOnTheWay(RegionView view) {
        return view.cluster() != null
                && view.cluster().master().value().names(region)
                && !view.own().isOpen();
    }

    /** A hand-over is a matter of moments; what takes longer is not hurried by looking all the time. */
    private Duration onTheWay(@Nullable ClusterState seen, Moment at) {
        return seen != null && memory.sinceEpoch(seen, at).compareTo(LONG) < 0 ? ON_THE_WAY : LONG_ON_THE_WAY;
    }

    private void show(RegionView view, Moment at, Decision decision) {
        tell(decision);
        journal.note(Whose.REGION, view, decision.reason(), "");
        snapshot = new Snapshot(
                view, at, decision.reason(), trouble, cluster.problem(), mysql.problem(), mysql.settings());
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

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
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

package io.regent.failover.cycle;

import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.Outcome;
import io.regent.failover.cycle.Step.LookAtCluster;
import io.regent.failover.cycle.Step.LookAtServer;
import io.regent.failover.cycle.Step.Perform;
import io.regent.failover.cycle.Step.Rest;
import io.regent.failover.decide.Draining;
import io.regent.failover.decide.ObserverRules;
import io.regent.failover.decide.RegionRules;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a coordinator's process: looks, decides, has it done, and looks again. Pure but for its own state; for one
 * thread.
 *
 * <pre>
 *   LookAtCluster → LookAtServer ──────────────────────────→ Rest → LookAtCluster
 *                     ↑      └→ Perform → Perform → … ──────→ ↑
 *                     └─── goes on at once, once ───┘
 * </pre>
 *
 * <ul>
 *   <li>ZooKeeper is looked at before the own MySQL, so that a set is never older than the epoch it is judged under.
 *   <li>A list of actions is performed until one is not done. What comes of each is remembered before the next, done or not.
 *   <li>After every list it looks again before it decides anything else: at the own MySQL always, at ZooKeeper unless
 *       clients wait ({@link Decision#goesOnAtOnce}), all was done, that look is not old by now, and it was not gone on from
 *       before.
 *   <li>What is to be done for the cluster is asked only after a look at ZooKeeper, if there is nothing to do at home.
 *   <li>Nothing is attempted on {@code /master} before the first read-back of the process.
 *   <li>On a new session of ZooKeeper nothing that was seen there proves that it stood still.
 * </ul>
 *
 * <p>Each method but the questions is for one kind of {@link Step}.
 *
 * @see Step
 */
public class Cycle {
    private final Who who;
    private final RegionRules rules;
    private final ObserverRules observer;
    private final Duration period;
    private final Supplier<String> tokens;
    private final Pace pace = new Pace();

    private Step step = new LookAtCluster();
    private Memory memory;

    /** What the last look at ZooKeeper gave. */
    private @Nullable ClusterState cluster;

    /** A moment before that look. */
    private @Nullable Moment looked;

    /** Whether it was gone on from already. */
    private boolean goingOn;

    private @Nullable Decided decided;

    /** What is left of the list, the action that is performed first. */
    private List<Action> left = List.of();

    /** Whose cycle it is. */
    public record Who(String region, String coordinator) {}

    /**
     * A process that just started, under the rules.
     *
     * @param tokens ids never used before in the cluster: letters, digits and {@code -}, at most 64
     */
    public Cycle(Who who, Timing timing, Supplier<String> tokens) {
        this(who, new RegionRules(timing), new ObserverRules(timing), timing.period(), tokens);
    }

    Cycle(Who who, RegionRules rules, ObserverRules observer, Duration period, Supplier<String> tokens) {
        this.who = who;
        this.rules = rules;
        this.observer = observer;
        this.period = period;
        this.tokens = tokens;
        this.memory = Memory.EMPTY.withUnsure(true);
    }

    /** What is to be done now. */
    public final Step step() {
        return step;
    }

    /** What was made of the last look at the own MySQL; null before the first. */
    public final @Nullable Decided decided() {
        return decided;
    }

    /** What is remembered by now. */
    public final Memory memory() {
        return memory;
    }

    /**
     * ZooKeeper was looked at.
     *
     * @param seen what it said, {@code /master} read first; null if that cannot be known
     * @param onNewSession whether it was the first look on its session
     * @param began a moment before the look
     * @throws IllegalStateException if that is not the step
     */
    public final void sawCluster(@Nullable ClusterState seen, boolean onNewSession, Moment began) {
        require(LookAtCluster.class);
        cluster = seen;
        looked = began;
        goingOn = false;
        memory = onNewSession ? memory.onNewSession() : memory;
        step = lookAtServer();
    }

    /**
     * The own MySQL was looked at.
     *
     * @param own what was seen, the set read last
     * @param duty its offices, as it believes
     * @param reach whose MySQL answers the own region
     * @param at a moment after all of that
     * @throws IllegalStateException if that is not the step
     */
    public final void sawServer(OwnServer own, Duty duty, Reach reach, Moment at) {
        require(LookAtServer.class);
        memory = memory.observing(cluster, own, at);
        RegionView view = new RegionView(who.region(), who.coordinator(), duty, cluster, own, memory, reach);
        Decision region = rules.decide(view, at, tokens.get());
        boolean isForRegion = goingOn || !region.actions().isEmpty();
        Decision forCluster = isForRegion ? null : observer.decide(view, at, tokens.get());
        Decided made = new Decided(view, at, region, forCluster);
        decided = made;
        left = made.last().actions();
        if (!left.isEmpty()) {
            step = new Perform(left.get(0));
        } else {
            step = forCluster == null ? Pace.none() : Pace.idle(view, at, region, forCluster);
        }
    }

    /**
     * The action was performed.
     *
     * @param outcome what came of it
     * @param before a moment before it was begun
     * @param after a moment after its outcome was known
     * @throws IllegalStateException if that is not the step
     */
    public final void did(Outcome outcome, Moment before, Moment after) {
        require(Perform.class);
        Action action = left.get(0);
        left = left.subList(1, left.size());
        memory = remember(action, outcome, before, after);
        Decided made = Objects.requireNonNull(decided);
        if (!isEnough(outcome)) {
            left = List.of();
            step = pace.afterFailure(made.last(), action, outcome, after);
        } else if (!left.isEmpty()) {
            step = new Perform(left.get(0));
        } else if (made.cluster() == null && goesOn(made.region(), after)) {
            goingOn = true;
            step = lookAtServer();
        } else {
            step = Pace.afterSuccess();
        }
    }

    /**
     * The rest is over, be it that something woke it.
     *
     * @throws IllegalStateException if that is not the step
     */
    public final void rested() {
        require(Rest.class);
        step = new LookAtCluster();
    }

    private LookAtServer lookAtServer() {
        return new LookAtServer(cluster != null && Draining.isWatchedBy(who.region(), cluster));
    }

    private void require(Class<? extends Step> kind) {
        if (!kind.isInstance(step)) {
            throw new IllegalStateException("told the end of " + kind.getSimpleName() + ", but the step is " + step);
        }
    }

    // What tests break, each for itself.

    /** Whether the next action may follow, or, after the last, all was done. */
    boolean isEnough(Outcome outcome) {
        return outcome.isDone();
    }

    /** What is known after an action; also of one that was not done, for it may take effect yet. */
    Memory remember(Action action, Outcome outcome, Moment before, Moment after) {
        return action.remember(memory, outcome, before);
    }

    /** Whether the own MySQL alone is looked at next; see {@link Decision#goesOnAtOnce}. */
    boolean goesOn(Decision done, Moment after) {
        return !goingOn && done.goesOnAtOnce() && !isOld(after);
    }

    /** Whether ZooKeeper may say something else by now: a closing may take long. It is as soon as one of both clocks says so. */
    boolean isOld(Moment after) {
        return after.atMostSince(Objects.requireNonNull(looked)).compareTo(period) > 0;
    }
}

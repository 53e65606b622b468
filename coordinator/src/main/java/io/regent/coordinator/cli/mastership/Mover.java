package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.ZooKeeperAccess;
import io.regent.coordinator.cli.mastership.PromotionReport.Outcome;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.Suggestion;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.ClusterObserver.Marks;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Written;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Orders a move, waits for it, and calls it off when its time is over. The regions' coordinators do the move. */
final class Mover {
    private static final Duration POLL = Duration.ofMillis(50);
    /** Without a change that its marks would tell of, everything is looked at so often. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** How long the master has to go back to taking writes after a move was called off. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private static final int TRIES = 5;

    private final ClusterObserver observer;
    private final String to;
    private final Duration timeout;
    private final Drain drain;
    private final Consumer<String> progress;
    private final CountDownLatch interrupted;
    private String blind = "";

    /**
     * A move to a region.
     *
     * @param timeout how long the order counts
     * @param drain what becomes of clients' work that would hold the closing up
     */
    Mover(
            ClusterObserver observer,
            String to,
            Duration timeout,
            Drain drain,
            Consumer<String> progress,
            CountDownLatch interrupted) {
        this.observer = observer;
        this.to = to;
        this.timeout = timeout;
        this.drain = drain;
        this.progress = progress;
        this.interrupted = interrupted;
    }

    /**
     * Orders the move, or goes on with one to the same region that was ordered before.
     *
     * @throws CliException if it was not ordered, or if that is not known
     */
    Plan order(ClusterState cluster) throws CliException {
        Plan standing = cluster.ordered(Plan.Kind.MOVE).orElse(null);
        if (standing != null) {
            return goOn(Objects.requireNonNull(cluster.plans().get(standing.id())));
        }
        String id =
                "move-" + cluster.epoch() + "-" + UUID.randomUUID().toString().substring(0, 8);
        Plan plan = new Plan(id, Plan.Kind.MOVE, cluster.epoch(), to, null, false, timeout, drain);
        Written written = new Written.Unknown("not tried");
        for (int i = 0; i < TRIES && written instanceof Written.Unknown; i++) {
            if (ZooKeeperAccess.isConnected(observer)) {
                written = observer.setup().order(plan, cluster.master().version());
            }
        }
        // The id is of this call alone: that it is there already means that an attempt without an answer got through.
        if (written.isOk()
                || (written instanceof Written.Refused refused && refused.why().startsWith("NODEEXISTS"))) {
            progress.accept("ordered " + id);
            return plan;
        }
        throw new CliException(
                written instanceof Written.Refused refused
                        ? "nothing was ordered: the cluster changed meanwhile (" + refused.why() + "); run it again"
                        : "ZooKeeper does not say whether the move was ordered (" + written
                                + "); look at dbctl status");
    }

    /** With the regard for clients that is wanted now; its time and its patience begin anew. */
    private Plan goOn(Znode<Plan> node) throws CliException {
        Plan standing = node.value();
        progress.accept("goes on with " + standing.id() + ", which was ordered before");
        Plan other = standing.with(timeout, drain);
        if (!observer.setup().replace(node, other).isOk()) {
            throw new CliException(
                    "it could not be taken up, or that is not known; look at dbctl status, and run it again");
        }
        return other;
    }

    /**
     * Sees that the cluster has the region.
     *
     * @throws CliException if it has not
     */
    static void known(ClusterConfig config, ClusterState cluster, String region) throws CliException {
        List<String> known = cluster.regions().stream().map(RegionState::region).toList();
        if (!known.contains(region)) {
            throw new CliException("no region '" + region + "' in cluster " + config.cluster() + "; "
                    + Suggestion.sentence(region, known));
        }
    }

    /** How far behind a region may be for the master to close. */
    static Duration lag(ClusterObserver observer) {
        return observer.setup().timing() instanceof Found<Znode<Timing>> found
                ? found.value().value().patience().lag()
                : Timing.standard().patience().lag();
    }

    /**
     * What a comparison of regions found not to be the same, or null.
     *
     * @throws CliException if ZooKeeper does not tell
     */
    static @Nullable Differences differences(ClusterObserver observer) throws CliException {
        Seen<Znode<Differences>> seen = observer.setup().differences();
        if (seen instanceof Seen.Unknown<Znode<Differences>> unknown) {
            throw new CliException("ZooKeeper: " + unknown.why() + "; try again");
        }
        return seen instanceof Found<Znode<Differences>> found ? found.value().value() : null;
    }

    /** Waits until the move has ended, at most so long; then calls it off if that is still possible. */
    PromotionReport follow(Promotion move, Plan plan, Duration timeout) throws InterruptedException {
        if (await(move, timeout)) {
            return move.report(Outcome.LEFT);
        }
        if (!move.hasEnded()) {
            progress.accept("not done within " + timeout.toSeconds() + " s");
        }
        if (!move.isInItsEpoch()) {
            return move.report(Outcome.NAMED);
        }
        // Also when the master could not close: it would try again for as long as the plan stands.
        boolean off = callOff(plan);
        await(move, SETTLE);
        if (!move.isInItsEpoch()) {
            return move.report(Outcome.NAMED);
        }
        progress.accept(off ? "called " + plan.id() + " off" : "could not call " + plan.id() + " off");
        return move.report(off ? Outcome.CALLED_OFF : Outcome.UNKNOWN);
    }

    /** Whether it was interrupted meanwhile. */
    private boolean await(Promotion move, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long looked = System.nanoTime() - LOOK.toNanos();
        Optional<Marks> seen = Optional.empty();
        while (!move.hasEnded() && System.nanoTime() < end) {
            long now = System.nanoTime();
            Optional<Marks> marks = observer.marks(to);
            if (marks.isPresent() && marks.equals(seen) && now - looked < LOOK.toNanos()) {
                move.seeNothingNew(now);
            } else {
                seen = marks;
                looked = now;
                look(move, now);
            }
            if (!move.hasEnded() && interrupted.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    private void look(Promotion move, long begun) {
        Seen<ClusterState> seen = observer.look();
        if (seen instanceof Found<ClusterState> found) {
            move.see(found.value(), begun, System.nanoTime());
            blind = "";
        } else if (!blind.equals(seen.toString())) {
            blind = seen.toString();
            progress.accept("ZooKeeper: " + blind);
        }
    }

    /**
     * True once the plan says that it is off. No hand-over comes after that, for it checks the plan; one may have been
     * written before.
     */
    private boolean callOff(Plan plan) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            if (!observer.awaitConnected(Duration.ofSeconds(1))
                    || !(observer.look() instanceof Found<ClusterState> found)) {
                continue;
            }
            Znode<Plan> node = found.value().plans().get(plan.id());
            if (node == null || node.value().aborted()) {
                return true;
            }
            if (observer.setup().replace(node, plan.calledOff()).isOk()) {
                return true;
            }
        }
        return false;
    }
}

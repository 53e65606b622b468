package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.history.LossForecast;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Failure;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Timing;
import io.regent.failover.timing.Timing.Patience;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.failover.view.Sight;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Why a holder begins to give up: a move whose target has caught up, a dead MySQL, commits that hang, or no way to OPEN for
 * too long.
 */
class Announcing implements Rule {
    private static final int WAITED_PER_LAG = 10;
    private static final int NEAR_PER_LAG = 3;
    private static final Duration UNREADABLE = Duration.ofSeconds(2);
    private static final String STALLED = Situation.RELEASE + "stalled";
    private static final String DEAD = Situation.RELEASE + "dead";

    @Override
    public @Nullable Decision decide(Situation now) {
        if (!now.named() || now.closing() || !now.view().duty().active()) {
            return null;
        }
        Patience patience = now.timing().patience();
        if (now.view().own().sight() == Sight.DEAD) {
            return ofTheDead(now);
        }
        LocalState local = now.local();
        if (local == null) {
            return null;
        }
        if (local.isOpen()) {
            return isToGoOnElsewhere(now) ? giveUp(now, STALLED) : move(now, local);
        }
        // Whatever keeps it from opening: this comes before all that may wait for ever.
        boolean stuck = now.view().memory().sinceEpoch(now.cluster(), now.at()).compareTo(patience.stuck()) >= 0
                && now.view().memory().sinceOpen(now.at()).compareTo(patience.stuck()) >= 0
                && !fetches(now, patience.stuck());
        String way = stuck && now.othersPresent() ? elsewhere(now) : "";
        // Handing back what an operator moved is a part of that move.
        return way.isEmpty() || (now.paused() && !way.startsWith(Situation.HAND_BACK)) ? null : giveUp(now, way);
    }

    /**
     * What its disk holds is fetched by who follows. Where that cannot be read, a mysqld that is about to be started again
     * is waited for a moment, and an operator for as long as it takes if more would be stranded than is allowed.
     */
    private static @Nullable Decision ofTheDead(Situation now) {
        boolean salvaged = now.view().own().remains() != null;
        Duration patience = now.timing().patience().death();
        if (!salvaged && patience.compareTo(UNREADABLE) < 0) {
            patience = UNREADABLE;
        }
        Long most = now.cluster().policy().value().maxStranded();
        boolean tooMuch =
                !salvaged && most != null && LossForecast.of(now.cluster()).count() > most;
        boolean may = now.view().memory().sinceDeath(now.at()).compareTo(patience) >= 0
                && now.othersPresent()
                && !now.paused()
                && !tooMuch;
        return may ? giveUp(now, DEAD) : null;
    }

    /** Whether its commits hang, and somebody else can do better. */
    boolean isToGoOnElsewhere(Situation now) {
        return Probing.isStalled(now) && Probing.isOtherFit(now) && !now.paused();
    }

    /** Whether it comes nearer to the union of its epoch: as long as it does, nobody else would be faster. */
    private static boolean fetches(Situation now, Duration patience) {
        Znode<Report> report = now.regionState().report();
        return now.master().cut() == null
                && report != null
                && now.view()
                                .memory()
                                .sinceReport(now.region(), report.version(), now.at())
                                .compareTo(patience)
                        < 0;
    }

    private @Nullable Decision move(Situation now, LocalState local) {
        Optional<Znode<Plan>> ordered = ordered(now);
        if (ordered.isEmpty() || now.master().cut() == null || isKeptByPreparedXa(now)) {
            return null;
        }
        Plan plan = ordered.get().value();
        RegionState target = now.cluster().region(Objects.requireNonNull(plan.to()));
        boolean ready = isFit(now, target)
                && hasCaughtUp(now, local, target, now.since(ordered.get()).dividedBy(WAITED_PER_LAG))
                && !wouldWaitToOpen(now, target);
        if (ready && Draining.isBlocked(plan, local)) {
            return Draining.decide(now, plan, local);
        }
        return ready ? announce(now, plan.id()) : null;
    }

    /** One that has diverged would make its strays history, wherever they have come to. */
    boolean isFit(Situation now, RegionState target) {
        return Candidates.isFit(now.cluster(), target);
    }

    /**
     * Whether the target was master so lately that it would wait before it opens ({@link Opening}): it is better waited
     * for while writes go on.
     */
    private static boolean wouldWaitToOpen(Situation now, RegionState target) {
        Znode<Report> report = target.report();
        Duration life = Timing.MARK_LIFE.plus(now.timing().drift()).plus(Situation.HANDING_OVER);
        return report != null
                && report.value().openedEpoch() > 0
                && now.view().memory().sinceEpoch(now.cluster(), now.at()).compareTo(life) < 0;
    }

    private static Optional<Znode<Plan>> ordered(Situation now) {
        return now.ordered(Plan.Kind.MOVE)
                .filter(order -> order.value().to() != null
                        && !now.region().equals(order.value().to()));
    }

    /** Which region a move waits for that must not become master now; empty if none. */
    static Optional<String> unfitTarget(Situation now) {
        LocalState local = now.local();
        return local == null || !local.isOpen()
                ? Optional.empty()
                : ordered(now)
                        .map(order -> order.value().to())
                        .filter(to ->
                                !Candidates.isFit(now.cluster(), now.cluster().region(to)));
    }

    /** What clients do that a move waits for; empty if nothing, or if it waits for none. */
    static String blockedBy(Situation now) {
        LocalState local = now.local();
        return local != null
                        && local.isOpen()
                        && ordered(now)
                                .filter(plan -> Draining.isBlocked(plan.value(), local))
                                .isPresent()
                ? Draining.told(local)
                : "";
    }

    /** Whether a move must not begin: a server that is closed with them can neither be given up nor opened again. */
    static boolean isKeptByPreparedXa(Situation now) {
        LocalState local = now.local();
        return local != null
                && local.isOpen()
                && local.preparedXa()
                && ordered(now).isPresent();
    }

    /**
     * Whether a region follows: its report holds all that was executed a moment ago. What can travel nowhere is not waited
     * for. Every report is a little old, so how far behind its region was when it came is asked for too, and more strictly:
     * that is what clients will wait for.
     *
     * @param slack how much further behind than usual it may be: where the way of a report alone takes longer, or the target
     *     is slow, the move takes a longer pause rather than never to begin
     */
    private static boolean hasCaughtUp(Situation now, LocalState local, RegionState target, Duration slack) {
        Znode<Report> report = target.report();
        if (!target.present()
                || report == null
                || report.value().epoch() != now.master().epoch()) {
            return false;
        }
        Predicate<GtidSet> reached = executed -> now.history()
                .within(
                        now.region(),
                        executed.subtract(report.value().executed()),
                        local.recorded().openedEpoch())
                .isEmpty();
        Memory memory = now.view().memory();
        Duration age = memory.sinceReport(target.region(), report.version(), now.at());
        Duration lag = longer(now.timing().patience().lag(), slack);
        Duration lagThen = longer(lag.dividedBy(NEAR_PER_LAG), slack);
        return reached.test(local.executed())
                || memory.progress()
                        .lag(reached, now.at())
                        .filter(behind ->
                                behind.compareTo(lag) < 0 && behind.minus(age).compareTo(lagThen) < 0)
                        .isPresent();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /**
     * Back to who handed over, if that is there; else whoever a failover finds. A server that forgot what it did in this
     * epoch does not say what is in the next one's cut.
     */
    private static String elsewhere(Situation now) {
        Ended before = now.cluster().history().get(now.master().epoch() - 1);
        boolean back = before != null
                && now.master().priorReleased()
                && now.master().cut() != null
                && !before.region().equals(now.region())
                && now.forgotten().isEmpty()
                && now.cluster().region(before.region()).present()
                && Candidates.mayHaveBack(now.cluster(), now.cluster().region(before.region()));
        return back ? Situation.HAND_BACK + Objects.requireNonNull(before).region() : Situation.RELEASE + "stuck";
    }

    /** The first step of giving up. */
    static Decision announce(Situation now, String plan) {
        return announce(now, plan, List.of());
    }

    /** By itself, so only while operators want that. */
    private static Decision giveUp(Situation now, String plan) {
        return announce(now, plan, plan.startsWith(Situation.HAND_BACK) ? List.of() : now.samePolicy());
    }

    private static Decision announce(Situation now, String plan, List<Check> checks) {
        Master closing = now.master().withClosing(plan, now.token());
        String why = "announces that it closes for " + plan + named(plan);
        return now.act(why, new ChangeMaster(now.masterNode(), closing, checks, null, why));
    }

    /** The failure that the plan is the answer to, by its name. */
    private static String named(String plan) {
        return switch (plan) {
            case STALLED -> " (" + Failure.MASTER_STALLED.title() + ")";
            case DEAD -> " (" + Failure.MASTER_MYSQL_DOWN.title() + ")";
            default -> "";
        };
    }
}

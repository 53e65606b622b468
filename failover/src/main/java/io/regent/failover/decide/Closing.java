package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Close;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.action.ZookeeperAction.Check;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Closed;
import io.regent.failover.view.Sight;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one path for hand-over, hand-back and release, once {@code closing} is announced: close, then one compare-and-set
 * on exactly the version that announced it. Evidence from before that counts for nothing.
 */
class Closing implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        if (!now.closing()) {
            return null;
        }
        if (!now.view().duty().active()) {
            return now.rest("waits: its region is closing");
        }
        if (now.view().own().sight() == Sight.DEAD) {
            return release(now, "its MySQL is proven dead");
        }
        if (now.local() == null) {
            return now.rest("waits: its region is closing and its MySQL does not answer");
        }
        Closed closed = evidence(now);
        if (closed == null) {
            return now.act("closes for " + now.master().closing(), Close.announced(now.masterNode(), false));
        }
        return closed.releasable()
                ? giveUp(now, closed.executed())
                : abort(now, "it cannot be given up; the warning at the closing says why");
    }

    @Nullable Closed evidence(Situation now) {
        Closed closed = now.view().memory().closed();
        return closed != null && closed.isFor(now.masterNode()) ? closed : null;
    }

    private Decision giveUp(Situation now, GtidSet executed) {
        String plan = Objects.requireNonNull(now.master().closing());
        GtidSet cut = now.master().cut();
        Optional<String> target = target(now, plan);
        if (plan.startsWith(Situation.RELEASE) || (cut == null && target.isPresent())) {
            return release(now, plan);
        }
        if (!now.forgotten().isEmpty()) {
            return release(now, "its data went back in time");
        }
        if (target.isEmpty() && plan.startsWith(Situation.HAND_BACK)) {
            return release(now, plan + ", which has diverged or forgotten");
        }
        return target.isPresent() && cut != null
                ? handOver(now, target.get(), cut(cut, deliverable(now, executed)))
                : abort(now, "plan " + plan + " does not stand any more, or its target is not fit any more");
    }

    /** Also what it never executed of the cut that it was named with: somebody acknowledged that. */
    GtidSet cut(GtidSet before, GtidSet executed) {
        return before.union(executed);
    }

    private Optional<String> target(Situation now, String plan) {
        if (plan.startsWith(Situation.HAND_BACK)) {
            return Optional.of(plan.substring(Situation.HAND_BACK.length()))
                    .filter(to ->
                            Candidates.mayHaveBack(now.cluster(), now.cluster().region(to)));
        }
        return Optional.ofNullable(now.cluster().plans().get(plan))
                .map(Znode::value)
                .filter(move -> move.epoch() == now.master().epoch() && !move.aborted())
                .map(Plan::to)
                .filter(to -> isFit(now, now.cluster().region(to)));
    }

    /** See {@link Announcing#isFit}; the target may have shown since what it is. */
    boolean isFit(Situation now, RegionState target) {
        return Candidates.isFit(now.cluster(), target);
    }

    /** What the holder executed within what was deliverable under its epoch: beyond the cut, its own if it opened. */
    private static GtidSet deliverable(Situation now, GtidSet executed) {
        LocalState local = Objects.requireNonNull(now.local());
        return now.history().within(now.region(), executed, local.recorded().openedEpoch());
    }

    private static Decision handOver(Situation now, String target, GtidSet cut) {
        Master next = now.master().next(target, true, cut, now.token());
        return change(
                now,
                next,
                stands(now),
                "hands over to " + target + " for " + now.master().closing());
    }

    /** An order may have been called off since it was read. */
    private static List<Check> stands(Situation now) {
        String plan = Objects.requireNonNull(now.master().closing());
        return Optional.ofNullable(now.cluster().plans().get(plan))
                .map(node -> List.of(new Check(Check.Kind.PLAN, plan, node.version())))
                .orElse(List.of());
    }

    private static Decision release(Situation now, String why) {
        return change(
                now,
                now.master().withRelease(now.token()),
                List.of(),
                "releases epoch " + now.master().epoch() + ": " + why);
    }

    private static Decision abort(Situation now, String why) {
        return change(now, now.master().withoutClosing(now.token()), List.of(), "goes back to renewing: " + why);
    }

    private static Decision change(Situation now, Master to, List<Check> checks, String why) {
        Ended ended =
                to.epoch() == now.master().epoch() ? null : Ended.of(now.master(), true, opened(now), why, now.who());
        return now.act(why, new ChangeMaster(now.masterNode(), to, checks, ended, why));
    }

    private static boolean opened(Situation now) {
        LocalState local = now.local();
        return local != null && local.recorded().openedEpoch() == now.master().epoch();
    }
}

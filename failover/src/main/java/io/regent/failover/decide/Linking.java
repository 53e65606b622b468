package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.ProcessAction.RunLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.history.Deliverable;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Links;
import org.jspecify.annotations.Nullable;

/**
 * Runs the links into a MySQL that is in STANDBY, lives in the newest epoch and has not diverged, with what they may
 * commit; stops them otherwise. While ZooKeeper does not answer they run on: what they may commit does not grow by it.
 */
class Linking implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        Links links = now.view().memory().links();
        long incarnation = now.view().duty().incarnation();
        Deliverable wanted = local == null || !mayRun(now, local) ? null : deliverable(now);
        if (wanted == null || wanted.isEmpty()) {
            return links.running() == null ? null : now.act("stops its links", new StopLinks(incarnation, 0));
        }
        if (links.run(wanted, incarnation)) {
            return null;
        }
        return now.act(
                "runs its links in epoch " + wanted.epoch(),
                new RaiseGuards(wanted.epoch(), incarnation),
                new StopLinks(incarnation, wanted.epoch()),
                new RunLinks(wanted, incarnation));
    }

    Deliverable deliverable(Situation now) {
        return Deliverable.at(now.region(), now.cluster());
    }

    boolean livesInTheNewestEpoch(Situation now) {
        return now.upToDate();
    }

    private boolean mayRun(Situation now, LocalState local) {
        boolean lives = now.view().duty().active() && livesInTheNewestEpoch(now) && local.state() == WriteState.STANDBY;
        return lives && !isDone(now, local) && !isDiverged(now, local);
    }

    /** A master that has what its epoch began with takes nothing more in. */
    private static boolean isDone(Situation now, LocalState local) {
        return now.named()
                && now.master().cut() != null
                && local.executed().contains(now.master().cut());
    }

    private static boolean isDiverged(Situation now, LocalState local) {
        return !now.history()
                .outside(now.region(), local.executed(), local.recorded().openedEpoch())
                .isEmpty();
    }
}

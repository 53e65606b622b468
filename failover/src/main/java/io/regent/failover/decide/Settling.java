package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Settle;
import io.regent.failover.action.MysqlAction.StoreVerdict;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.LocalState;
import io.regent.sql.gtid.GtidSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores and settles the verdicts that the own MySQL does not know yet, the oldest first, by its own set, with links
 * off [the verdict was read later than the epoch, and a link committed what it voids]. Nothing of a later epoch is
 * recorded before.
 */
class Settling implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null
                || local.state() == WriteState.SEALED
                || !now.view().duty().active()
                || local.recorded().settledVerdicts() >= now.master().verdict()) {
            return null;
        }
        long number = local.recorded().settledVerdicts() + 1;
        Optional<Verdict> verdict = now.cluster().verdicts().stream()
                .filter(one -> one.number() == number)
                .findFirst();
        if (verdict.isEmpty()) {
            return now.rest("waits: verdict " + number + " cannot be read");
        }
        Decision quiet = Quiet.first(now);
        if (quiet != null) {
            return quiet;
        }
        Decision first = judgeFirst(now, local);
        return first != null ? first : settle(now, local, verdict.get());
    }

    /**
     * What else stands outside of history here may build on what is to be undone: it gets its verdict first, and then
     * all is undone in one go, backwards [a third region's verdict names the first of the dead master's last
     * transactions only; the dead master, back, cannot undo them under its own later ones].
     */
    private static @Nullable Decision judgeFirst(Situation now, LocalState local) {
        boolean undoes = !pending(now, local).intersect(local.executed()).isEmpty();
        return undoes && Judging.isWitness(now, local) ? Judging.judge(now, Judging.outside(now, local)) : null;
    }

    /** What the verdicts void that are not settled here. */
    private static GtidSet pending(Situation now, LocalState local) {
        return now.cluster().verdicts().stream()
                .filter(verdict -> verdict.number() > local.recorded().settledVerdicts())
                .map(Verdict::voided)
                .reduce(GtidSet.EMPTY, GtidSet::union);
    }

    private static Decision settle(Situation now, LocalState local, Verdict verdict) {
        GtidSet had = local.executed().intersect(verdict.voided());
        if (!had.isEmpty() && local.isOpen()) {
            // Nothing that is void can be in what a master executed; if it is, only a closed server may be changed.
            return now.rest("waits: verdict " + verdict.number() + " voids what the master executed");
        }
        String how = had.isEmpty() ? "never had" : "rewinds " + had.count() + " transactions";
        return now.act(
                "settles verdict " + verdict.number() + ": " + how,
                new StoreVerdict(verdict),
                new Settle(verdict, had.isEmpty() ? had : pending(now, local).intersect(local.executed())));
    }
}

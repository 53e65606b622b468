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
        long next = local.recorded().settledVerdicts() + 1;
        boolean undoes = pendingFrom(now, next).intersects(local.executed());
        return undoes && Judging.isWitness(now, local) ? Judging.judge(now, Judging.outside(now, local)) : null;
    }

    /** What is void by the verdicts from this number on. */
    private static GtidSet pendingFrom(Situation now, long number) {
        return now.cluster().verdicts().stream()
                .filter(verdict -> verdict.number() >= number)
                .map(Verdict::voided)
                .reduce(GtidSet.EMPTY, GtidSet::union);
    }

    private static Decision settle(Situation now, LocalState local, Verdict verdict) {
        long number = verdict.number();
        GtidSet had = local.recorded().had();
        if (had == null) {
            GtidSet executed = local.executed().intersect(verdict.voided());
            return now.act("stores verdict " + number, new StoreVerdict(verdict, executed));
        }
        if (!had.isEmpty() && local.isOpen()) {
            // Nothing that is void can be in what a master executed; if it is, only a closed server may be changed.
            return now.rest("waits: verdict " + number + " voids what the master executed");
        }
        String how = had.isEmpty() ? "never had" : "rewinds " + had.count() + " transactions";
        GtidSet rewind =
                had.isEmpty() ? had : had.union(pendingFrom(now, number + 1).intersect(local.executed()));
        return now.act("settles verdict " + number + ": " + how, new Settle(verdict, rewind));
    }
}

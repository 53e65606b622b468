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
        return quiet != null ? quiet : settle(now, local, verdict.get());
    }

    private static Decision settle(Situation now, LocalState local, Verdict verdict) {
        GtidSet had = local.recorded().had();
        if (had == null) {
            GtidSet executed = local.executed().intersect(verdict.voided());
            return now.act("stores verdict " + verdict.number(), new StoreVerdict(verdict, executed));
        }
        if (!had.isEmpty() && local.isOpen()) {
            // Nothing that is void can be in what a master executed; if it is, only a closed server may be changed.
            return now.rest("waits: verdict " + verdict.number() + " voids what the master executed");
        }
        String how = had.isEmpty() ? "never had" : "rewinds " + had.count() + " transactions";
        return now.act("settles verdict " + verdict.number() + ": " + how, new Settle(verdict, had));
    }
}

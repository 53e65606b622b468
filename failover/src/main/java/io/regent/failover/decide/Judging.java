package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Spool;
import io.regent.failover.action.ZookeeperAction.Judge;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Spooled;
import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * At a region that executed something outside of history: saves it, then has a verdict make it void everywhere. Undoing
 * it comes after, by {@link Settling}, here as in every other region that has some of it.
 *
 * <p>Only with links off, by the newest epoch, and only once that has a cut: while it has none nothing is stranded by it.
 */
class Judging implements Rule {
    private static final String SPOOL = "regent.stranded";

    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null || !now.upToDate() || !isWitness(now, local)) {
            return null;
        }
        GtidSet stranded = outside(now, local);
        Decision quiet = stranded.isEmpty() ? null : Quiet.first(now);
        return quiet != null ? quiet : judge(now, stranded);
    }

    /** With links off: saves them, then has them voided; null if there are none. */
    static @Nullable Decision judge(Situation now, GtidSet stranded) {
        if (stranded.isEmpty()) {
            return null;
        }
        Spooled spooled = now.view().memory().spooled();
        long epoch = now.master().epoch();
        if (spooled == null || !spooled.covers(epoch, stranded)) {
            return now.act("spools " + stranded.count() + " stranded transactions", new Spool(epoch, stranded));
        }
        Verdict verdict = new Verdict(
                now.master().verdict() + 1, stranded, now.masterNode().version(), SPOOL);
        return now.act(
                "voids " + stranded.count() + " stranded transactions by verdict " + verdict.number(),
                new Judge(now.masterNode(), verdict, now.token()));
    }

    /** A named region that has diverged gives up first: it cannot be its own witness. */
    static boolean isWitness(Situation now, LocalState local) {
        return now.view().duty().active()
                && local.state() == WriteState.STANDBY
                && now.master().cut() != null
                && !now.master().region().equals(now.region());
    }

    static GtidSet outside(Situation now, LocalState local) {
        return now.history()
                .outside(now.region(), local.executed(), local.recorded().openedEpoch());
    }
}

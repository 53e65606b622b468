package io.regent.failover.simulation;

import io.regent.failover.model.Master;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;

/**
 * Where a mysqld or its host was suspended, an old epoch acknowledges for no longer than the dead-man's bound after it
 * woke, as {@link AtMostOneMaster} sees, and nothing of that is ever history: it is held, or void.
 */
final class OverlapBounded {
    static final String NAME = "OverlapBounded";

    private final Ledger ledger;

    /** Acknowledged under an epoch after a later one had its cut. */
    private final GtidTracker late = new GtidTracker();

    /** What was on disks that were replaced, by an operator's hand. */
    private final GtidTracker replaced = new GtidTracker();

    private long excused;

    OverlapBounded(Ledger ledger) {
        this.ledger = ledger;
    }

    void acknowledged(SimMysql server, Gtid gtid) {
        Master master = ledger.master();
        if (server.recorded().openedEpoch() < master.epoch() && master.cut() != null) {
            late.add(gtid);
            excused += server.justWoke() ? 1 : 0;
        }
    }

    void cut(GtidSet cut) {
        GtidSet back = cut.intersect(late.toSet()).subtract(ledger.voided.toSet());
        if (!back.isEmpty()) {
            throw new Violation(NAME, "a cut takes in " + back + ", acknowledged after a later epoch had its cut");
        }
    }

    /** What a server had is not there any more. */
    void replaced(GtidSet gone) {
        replaced.addAll(gone);
    }

    /** ZooKeeper knows nothing of the epochs that came after those in which this was written. */
    void setBack() {
        late.removeAll(late.toSet());
    }

    void atLast() {
        GtidSet lost = late.toSet()
                .subtract(ledger.voided.toSet())
                .subtract(replaced.toSet())
                .subtract(ledger.executedAnywhere());
        if (!lost.isEmpty()) {
            throw new Violation(NAME, lost + " of a former epoch is neither held nor void");
        }
    }

    /** How many writes a server acknowledged that had just woken under an epoch which was over. */
    long excused() {
        return excused;
    }
}

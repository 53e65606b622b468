package io.regent.replicator.order;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.util.function.Predicate;

/**
 * The foreign transactions that stood before the next own one in the source's binlog and are not yet seen at the target.
 *
 * <p>The source had executed them when it committed what follows, so the target must have them first. No cycle can
 * form: what precedes in one binlog was committed before, everywhere. One thread reads the stream; any may ask.
 */
public final class CausalOrder {
    private final Predicate<Gtid> counts;
    private final GtidTracker awaited = new GtidTracker();
    private long unchecked;

    /** Every foreign transaction is to be there first. */
    public CausalOrder() {
        this(foreign -> true);
    }

    /**
     * Only some are.
     *
     * @param counts which foreign transactions are to be there first
     */
    public CausalOrder(Predicate<Gtid> counts) {
        this.counts = counts;
    }

    /** Notes a foreign transaction that the stream passed. */
    public synchronized void passed(Gtid foreign) {
        if (counts.test(foreign)) {
            awaited.add(foreign);
        }
        unchecked++;
    }

    /** Whether an own transaction would have to wait, as far as is known. */
    public synchronized boolean mustWait() {
        return !awaited.toSet().isEmpty();
    }

    /** How many foreign transactions passed since the target was last asked. */
    public synchronized long passedSinceAsked() {
        return unchecked;
    }

    /** What is waited for. */
    public synchronized GtidSet awaited() {
        return awaited.toSet();
    }

    /** Takes the target's executed set, fresh from it. */
    public synchronized void targetHas(GtidSet executed) {
        awaited.removeAll(executed);
        unchecked = 0;
    }
}

package io.regent.replicator.order;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;

/**
 * The foreign transactions that stood before the next own one in the source's binlog and are not yet seen at the target.
 *
 * <p>The source had executed them when it committed what follows, so the target must have them first. No cycle can
 * form: what precedes in one binlog was committed before, everywhere. One thread reads the stream; any may ask. (Not final,
 * so that a test can show what regions without it look like.)
 */
public class CausalOrder {
    private final GtidTracker awaited = new GtidTracker();
    private long unchecked;

    /** Notes a foreign transaction that the stream passed. */
    public synchronized void passed(Gtid foreign) {
        awaited.add(foreign);
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

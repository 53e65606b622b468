package io.regent.replicator.order;

import io.regent.sql.gtid.Gtid;

/**
 * What a link may do with a transaction of its source's origin.
 *
 * <p>A region's newest epoch, its cut and the verdicts decide it; a link only asks, once for every transaction and again
 * while the answer is {@link Answer#HOLD}.
 */
@FunctionalInterface
public interface Delivery {
    /** May the link commit this transaction, and with its content? */
    Answer of(Gtid gtid);

    /** The three answers. */
    enum Answer {
        /** Inside history: commit it as it is. */
        DELIVER,
        /** A verdict made it void: commit its GTID, empty, whatever bytes arrive. */
        VOID,
        /** Outside history as known here: commit nothing, and nothing of this link behind it. */
        HOLD
    }

    /** The rule of two regions that have no mastership between them: everything belongs to history. */
    static Delivery everything() {
        return gtid -> Answer.DELIVER;
    }
}

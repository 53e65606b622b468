package io.regent.replicator.order;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;

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

    /**
     * Whether the link carries this foreign transaction in place of the link that should bring it. Only what is inside
     * the cut or void may be relayed, and of what the present master commits also the rest if the source lives in its
     * epoch; and only while that link does not deliver: there is none, or its source is away. Asked for every foreign
     * transaction of the stream. What is carried may still be answered with {@link Answer#HOLD}: until the source has
     * said that it executed it in that epoch.
     */
    default boolean relays(Gtid foreign) {
        return false;
    }

    /** The part of these foreign transactions that {@link #relays} would say yes to. */
    default GtidSet relayed(GtidSet foreign) {
        return GtidSet.EMPTY;
    }

    /**
     * Whether the link carries at this moment all that the present master commits, in place of the link from there, whose
     * source is away.
     */
    default boolean standsIn() {
        return false;
    }

    /**
     * The part of these foreign transactions that no link will ever bring: no region owns their origin, as far as is
     * known at this moment, and no cut holds them. Where nobody knows the regions, none is.
     */
    default GtidSet unowned(GtidSet foreign) {
        return GtidSet.EMPTY;
    }

    /**
     * Which links are to bring these foreign transactions, and what is known to keep them from it: how a sentence goes on.
     * Empty where nobody knows.
     */
    default String bringers(GtidSet foreign) {
        return "";
    }

    /** The answers. */
    enum Answer {
        /** Inside history: commit it as it is. */
        DELIVER,
        /** A verdict made it void: commit its GTID, empty, whatever bytes arrive. */
        VOID,
        /** Inside history, and an operator has skipped it for the whole cluster: commit its GTID, empty. */
        SKIP,
        /** Outside history as known here: commit nothing, and nothing of this link behind it. */
        HOLD
    }

    /** The rule of two regions that have no mastership between them: everything belongs to history. */
    static Delivery everything() {
        return gtid -> Answer.DELIVER;
    }
}

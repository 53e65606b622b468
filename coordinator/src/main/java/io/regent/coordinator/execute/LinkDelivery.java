package io.regent.coordinator.execute;

import io.regent.failover.history.Deliverable;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What a link may commit, in the words of a link.
 *
 * @param verbatim what of its source may be committed as it is
 * @param absent whose own link brings nothing: what these originated is relayed, but never beyond the cut, for only a
 *     master's own answer says in which epoch it wrote that
 * @param owned whether a region owns that server uuid, at the moment of asking
 */
record LinkDelivery(Deliverable deliverable, Predicate<Gtid> verbatim, Predicate<UUID> absent, Predicate<UUID> owned)
        implements Delivery {
    @Override
    public Answer of(Gtid gtid) {
        if (deliverable.isVoid(gtid)) {
            return Answer.VOID;
        }
        return verbatim.test(gtid) ? Answer.DELIVER : Answer.HOLD;
    }

    @Override
    public boolean relays(Gtid foreign) {
        return (deliverable.within().contains(foreign) || deliverable.isVoid(foreign)) && absent.test(foreign.uuid());
    }

    @Override
    public GtidSet relayed(GtidSet foreign) {
        return inside(foreign).restrictedTo(absent);
    }

    @Override
    public GtidSet unowned(GtidSet foreign) {
        return foreign.subtract(inside(foreign)).restrictedTo(owned.negate());
    }

    private GtidSet inside(GtidSet foreign) {
        return foreign.intersect(deliverable.within()).union(foreign.intersect(deliverable.voided()));
    }
}

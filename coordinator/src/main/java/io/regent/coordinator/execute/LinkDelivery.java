package io.regent.coordinator.execute;

import io.regent.failover.history.Deliverable;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a link may commit, in the words of a link.
 *
 * @param verbatim what of its source may be committed as it is, if it was not skipped
 * @param beyond what of it beyond the cut may, in place of the master's own link
 * @param absent whose own link brings nothing: what these originated is relayed as far as the cut goes
 * @param owned whether a region owns that server uuid, at the moment of asking
 * @param bring which links are to bring these, at the moment of asking: how a sentence goes on
 */
record LinkDelivery(
        Deliverable deliverable,
        Predicate<Gtid> verbatim,
        PassedOn beyond,
        Predicate<UUID> absent,
        Predicate<UUID> owned,
        Function<GtidSet, String> bring)
        implements Delivery {
    @Override
    public Answer of(Gtid gtid) {
        if (deliverable.isVoid(gtid)) {
            return Answer.VOID;
        }
        if (!verbatim.test(gtid) && !beyond.holds(gtid)) {
            return Answer.HOLD; // a skip makes nothing history
        }
        return deliverable.isSkipped(gtid) ? Answer.SKIP : Answer.DELIVER;
    }

    @Override
    public String bringers(GtidSet foreign) {
        return bring.apply(foreign);
    }

    @Override
    public boolean relays(Gtid foreign) {
        boolean inside = deliverable.within().contains(foreign) || deliverable.isVoid(foreign);
        return inside ? absent.test(foreign.uuid()) : beyond.isOfMaster(foreign) && beyond.isWanted();
    }

    @Override
    public GtidSet relayed(GtidSet foreign) {
        GtidSet inside = inside(foreign).restrictedTo(absent);
        GtidSet passed = foreign.intersect(beyond.has());
        return passed.isEmpty() || !beyond.isWanted() ? inside : inside.union(passed);
    }

    @Override
    public boolean standsIn() {
        return beyond.isWanted();
    }

    @Override
    public GtidSet unowned(GtidSet foreign) {
        return foreign.subtract(inside(foreign)).restrictedTo(owned.negate());
    }

    private GtidSet inside(GtidSet foreign) {
        return foreign.intersect(deliverable.within()).union(foreign.intersect(deliverable.voided()));
    }
}

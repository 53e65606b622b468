package io.regent.coordinator.execute;

import io.regent.failover.history.Deliverable;
import io.regent.failover.history.SourceEpoch;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.function.BooleanSupplier;

/**
 * What one source, which is not the master, passes on of what the master commits in the present epoch, while the link from
 * the master is away. Why that may be: see the package of {@link Deliverable}.
 *
 * @param eligible whether the source may, by what it said
 * @param has what it may pass on at this moment; beyond the cut only
 * @param opened whether it is known that the master opened, at the moment of asking
 * @param away whether the link from the master brings nothing, at the moment of asking
 */
record PassedOn(Deliverable deliverable, boolean eligible, GtidSet has, BooleanSupplier opened, BooleanSupplier away) {
    static PassedOn by(SourceEpoch source, Deliverable deliverable, BooleanSupplier opened, BooleanSupplier away) {
        return new PassedOn(deliverable, deliverable.mayPassOn(source), deliverable.passedOn(source), opened, away);
    }

    /** Whether the source stands in for the master at this moment. */
    boolean isWanted() {
        return eligible && away.getAsBoolean() && opened.getAsBoolean();
    }

    /** Whether this is the master's: then it is to be carried, and to be held until {@link #holds} it. */
    boolean isOfMaster(Gtid foreign) {
        return foreign.uuid().equals(deliverable.masterOrigin());
    }

    /** Whether this may be committed. The link from the master may deliver again: that makes it no less history. */
    boolean holds(Gtid gtid) {
        return has.contains(gtid) && opened.getAsBoolean();
    }
}

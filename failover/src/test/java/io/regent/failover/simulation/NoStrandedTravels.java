package io.regent.failover.simulation;

import io.regent.failover.history.History;
import io.regent.failover.model.Verdict;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.util.UUID;

/** What a target commits belongs to the history of the epoch it recorded, and is not void. */
final class NoStrandedTravels {
    private static final String NAME = "NoStrandedTravels";

    private final Ledger ledger;

    /** What lay outside of history when a cut became known: no later history may take it in. */
    private final GtidTracker outside = new GtidTracker();

    private long relayed;

    NoStrandedTravels(Ledger ledger) {
        this.ledger = ledger;
    }

    GtidSet outside() {
        return outside.toSet();
    }

    void setBack(GtidSet then) {
        outside.removeAll(outside.toSet().subtract(then));
    }

    void certified(Snapshot now) {
        History history = History.of(now.cluster());
        for (SimMysql server : ledger.servers()) {
            outside.addAll(history.outside(
                    server.region, server.executed(), server.recorded().openedEpoch()));
        }
    }

    /** Neither does it come back by a later cut, unless a verdict made it empty. */
    void cut(Snapshot now, GtidSet cut) {
        GtidSet back = cut.intersect(outside.toSet()).subtract(now.cluster().voided());
        if (!back.isEmpty()) {
            throw new Violation(NAME, "a cut takes in " + back + ", which an earlier one left out");
        }
    }

    void applied(SimMysql target, ApplySession session) {
        long epoch = target.recorded().epoch();
        if (epoch != session.epoch()) {
            throw new Violation(
                    NAME,
                    target.region + " in epoch " + epoch + " takes " + session.gtids() + " from a link of epoch "
                            + session.epoch());
        }
        for (Verdict verdict : ledger.cluster().verdicts()) {
            if (verdict.number() <= target.recorded().settledVerdicts()
                    && verdict.voided().intersects(session.gtids())) {
                throw new Violation(NAME, target.region + " takes the rows of what it knows to be void");
            }
        }
    }

    void ofItsHistory(SimMysql target, ApplySession session) {
        GtidSet cut = target.recorded().cut();
        if (cut == null) {
            return;
        }
        UUID origin = ledger.origin(target.recorded().epoch());
        GtidSet beyond = session.gtids().subtract(cut);
        GtidSet strays = beyond.restrictedTo(uuid -> !uuid.equals(origin));
        if (!strays.isEmpty()) {
            throw new Violation(NAME, takes(target, session, strays.toString()));
        }
        if (!beyond.isEmpty()) {
            ofTheEpoch(target, session, beyond);
        }
    }

    /** What its master committed beyond the cut, it committed in this very epoch, whoever brings it. */
    private void ofTheEpoch(SimMysql target, ApplySession session, GtidSet beyond) {
        for (Gtid gtid : beyond.first(Integer.MAX_VALUE)) {
            long committed = ledger.issuedIn(gtid);
            if (committed != target.recorded().epoch()) {
                throw new Violation(NAME, takes(target, session, gtid + " of epoch " + committed));
            }
        }
        if (ledger.servers().stream()
                .noneMatch(server -> server.region.equals(session.source())
                        && beyond.tsids().stream().anyMatch(tsid -> tsid.uuid().equals(server.uuid())))) {
            relayed++;
        }
    }

    private String takes(SimMysql target, ApplySession session, String what) {
        return target.region + " in epoch " + target.recorded().epoch() + " of "
                + ledger.master().epoch() + " takes " + what + " from " + session.source();
    }

    /** How often another region passed on what the present master committed. */
    long relayed() {
        return relayed;
    }
}

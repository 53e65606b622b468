package io.regent.failover.simulation;

import io.regent.sql.gtid.GtidSet;
import java.util.UUID;

/**
 * Of what the present master commits another region passes on only what it had executed before it said that it lives in the
 * epoch, and only where the target knows that the master opened in it (the proof is in the package of history). What comes of
 * the opposite takes more failures than a run brings together, so what each link went by is checked itself.
 */
final class RelayIsProven {
    private static final String NAME = "RelayIsProven";

    private final Ledger ledger;

    RelayIsProven(Ledger ledger) {
        this.ledger = ledger;
    }

    void applied(SimMysql target, ApplySession session) {
        GtidSet cut = target.recorded().cut();
        long epoch = target.recorded().epoch();
        if (cut == null || session.source().equals(ledger.holder(epoch))) {
            return;
        }
        UUID origin = ledger.origin(epoch);
        GtidSet beyond = session.gtids().subtract(cut).restrictedTo(origin::equals);
        GtidSet later = beyond.subtract(session.basis().said().executed());
        if (!later.isEmpty()) {
            throw new Violation(
                    NAME, target.region + " takes " + later + ", which " + session.source() + " had after it said so");
        }
        if (!beyond.isEmpty() && !session.basis().knowsOpening()) {
            throw new Violation(
                    NAME,
                    target.region + " takes " + beyond + " from " + session.source()
                            + " and does not know that the master opened");
        }
    }
}

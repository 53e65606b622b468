package io.regent.failover.simulation;

import io.regent.sql.gtid.GtidSet;

/** Nothing is executed without its changes unless a verdict or an operator said so. */
final class NoSilentSkip {
    private final Ledger ledger;

    NoSilentSkip(Ledger ledger) {
        this.ledger = ledger;
    }

    void holds(SimMysql server) {
        GtidSet silent = server.executed()
                .subtract(server.rows())
                .subtract(ledger.voided.toSet())
                .subtract(ledger.skipped());
        if (!silent.isEmpty()) {
            throw new Violation("NoSilentSkip", server.region + " committed " + silent + " without its changes");
        }
    }

    /** How many transactions operators let go that some server is without. */
    long leftOut() {
        return ledger.servers().stream()
                .mapToLong(server -> server.executed()
                        .subtract(server.rows())
                        .intersect(ledger.skipped())
                        .count())
                .sum();
    }
}

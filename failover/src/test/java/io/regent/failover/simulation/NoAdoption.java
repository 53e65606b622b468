package io.regent.failover.simulation;

import io.regent.failover.model.Verdict;

/** Nothing is applied upon rows that were void before the epoch began, for they are still to be undone. */
final class NoAdoption {
    private final Ledger ledger;

    NoAdoption(Ledger ledger) {
        this.ledger = ledger;
    }

    void applied(SimMysql target, ApplySession session) {
        long settled = ledger.judgedBefore(target.recorded().epoch());
        for (Verdict verdict : ledger.cluster().verdicts()) {
            if (verdict.number() <= settled && verdict.voided().intersects(target.rows())) {
                throw new Violation(
                        "NoAdoption",
                        target.region + " takes " + session.gtids() + " upon rows of "
                                + verdict.voided().intersect(target.rows()) + ", void since before its epoch");
            }
        }
    }
}

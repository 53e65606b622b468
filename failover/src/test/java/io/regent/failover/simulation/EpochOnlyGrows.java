package io.regent.failover.simulation;

import io.regent.failover.model.Master;

/** No action of an older epoch takes effect after a newer one. */
final class EpochOnlyGrows {
    private static final String NAME = "EpochOnlyGrows";

    private final Ledger ledger;

    EpochOnlyGrows(Ledger ledger) {
        this.ledger = ledger;
    }

    void changed(Master old, Master next) {
        if (next.epoch() < old.epoch() || next.epoch() > old.epoch() + 1) {
            throw new Violation(NAME, "from " + old.epoch() + " to " + next.epoch());
        }
        if (next.epoch() == old.epoch() && !next.region().equals(old.region())) {
            throw new Violation(NAME, "epoch " + next.epoch() + " changed hands");
        }
    }

    void opened(SimMysql server, long epoch) {
        long newest = ledger.newestOpened();
        if (epoch < newest) {
            throw new Violation(NAME, server.region + " opens under " + epoch + " after " + newest);
        }
    }
}

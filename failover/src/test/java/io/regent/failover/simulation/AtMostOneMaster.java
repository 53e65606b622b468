package io.regent.failover.simulation;

/** No two regions are OPEN at the same instant. */
final class AtMostOneMaster {
    private final Ledger ledger;

    AtMostOneMaster(Ledger ledger) {
        this.ledger = ledger;
    }

    /** A server that was suspended is excused for the dead-man's bound after it wakes; what it breaks then is that bound. */
    void afterEvent() {
        SimMysql open = null;
        for (SimMysql server : ledger.servers()) {
            if (server.acknowledges()) {
                if (open != null) {
                    boolean woke = open.isOpenSinceBeforeItWoke() || server.isOpenSinceBeforeItWoke();
                    throw new Violation(
                            woke ? OverlapBounded.NAME : "AtMostOneMaster",
                            open.region + " and " + server.region + " are OPEN" + (woke ? ", one since it woke" : ""));
                }
                open = server;
            }
        }
    }
}

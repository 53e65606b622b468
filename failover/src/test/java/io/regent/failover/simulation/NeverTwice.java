package io.regent.failover.simulation;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidTracker;

/** A number that was given to one transaction names no other one. */
final class NeverTwice {
    private final GtidTracker issued = new GtidTracker();

    void issued(SimMysql server, Gtid gtid) {
        if (!issued.add(gtid)) {
            throw new Violation("NeverTwice", server.region + " gives out " + gtid + " a second time");
        }
    }
}

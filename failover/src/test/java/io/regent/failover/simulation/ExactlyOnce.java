package io.regent.failover.simulation;

import io.regent.sql.gtid.GtidSet;

/**
 * Each transaction changes the rows of a server at most once, and is undone there at most once; undone, it does not change
 * them again but as a new transaction. It goes by the rows themselves: what is executed is the rule that is to see to it.
 */
final class ExactlyOnce {
    private static final String NAME = "ExactlyOnce";

    private ExactlyOnce() {}

    /** Right before these change the rows. */
    static void changes(SimMysql server, SimData data, GtidSet gtids) {
        if (gtids.intersects(data.rows())) {
            throw new Violation(NAME, server.region + " applies " + gtids.intersect(data.rows()) + " a second time");
        }
        if (gtids.intersects(data.undone())) {
            throw new Violation(
                    NAME, server.region + " applies " + gtids.intersect(data.undone()) + ", which was undone there");
        }
    }

    /** Right before these are undone. */
    static void undoes(SimMysql server, SimData data, GtidSet gtids) {
        if (gtids.intersects(data.undone())) {
            throw new Violation(NAME, server.region + " undoes " + gtids.intersect(data.undone()) + " a second time");
        }
    }
}

package io.regent.failover.simulation;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.HashMap;
import java.util.Map;

/**
 * No region shows a change of one origin before a change of another that it followed: whoever applies a transaction has
 * executed all that its server had taken from others when it was committed there.
 */
final class CausalOrder {
    private final Map<Gtid, GtidSet> followed = new HashMap<>();

    /** Committed by a client, upon these rows. */
    void issued(Gtid gtid, GtidSet rows) {
        followed.put(gtid, rows.restrictedTo(uuid -> !uuid.equals(gtid.uuid())));
    }

    /** Whether something that it followed is not there. A link reads the same off its source's binlog. */
    boolean isAhead(Gtid gtid, GtidSet executed) {
        return !executed.contains(followed.getOrDefault(gtid, GtidSet.EMPTY));
    }

    void applied(SimMysql target, ApplySession session) {
        GtidSet executed = target.executed();
        for (Gtid gtid : session.gtids().first(Integer.MAX_VALUE)) {
            GtidSet before = followed.getOrDefault(gtid, GtidSet.EMPTY);
            if (!executed.contains(before)) {
                throw new Violation(
                        "CausalOrder",
                        target.region + " shows " + gtid + " before " + before.subtract(executed)
                                + ", which it followed");
            }
        }
    }
}

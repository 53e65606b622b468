package io.regent.replicator.stranded;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** GTIDs committed without content: how a region settles a verdict about transactions that it never had. */
public final class EmptyCommits {
    private EmptyCommits() {}

    /**
     * Commits those that the server lacks. Calling it again, after whatever cut it off, is right.
     *
     * @param apply sessions of the apply account; the server is STANDBY or OPEN
     * @param gtids all of them
     * @return those that this call committed; one that the server lacked and that is not among them was committed by
     *     another session at the same time, with whatever content that had
     */
    public static GtidSet commit(Sessions apply, GtidSet gtids) throws SQLException {
        GtidTracker committed = new GtidTracker();
        try (Connection connection = apply.open();
                Statement statement = connection.createStatement()) {
            GtidSet lacking = gtids.subtract(ServerState.read(connection).gtidExecuted());
            for (Tsid tsid : lacking.tsids()) {
                for (Interval interval : lacking.intervals(tsid)) {
                    for (long number = interval.first(); number <= interval.last(); number++) {
                        Gtid gtid = new Gtid(tsid, number);
                        if (commit(statement, gtid)) {
                            committed.add(gtid);
                        }
                    }
                }
            }
        }
        return committed.toSet();
    }

    /** Whether it was ours to commit: MySQL passes over what is executed, and waits for what another session owns. */
    private static boolean commit(Statement statement, Gtid gtid) throws SQLException {
        statement.execute("SET gtid_next='" + gtid + "'");
        statement.execute("BEGIN");
        boolean owned;
        try (ResultSet row = statement.executeQuery("SELECT @@session.gtid_owned")) {
            owned = row.next() && !row.getString(1).isEmpty();
        }
        statement.execute("COMMIT");
        statement.execute("SET gtid_next='AUTOMATIC'");
        return owned;
    }
}

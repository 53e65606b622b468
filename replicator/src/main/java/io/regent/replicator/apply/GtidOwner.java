package io.regent.replicator.apply;

import io.regent.replicator.apply.ApplyException.Remedy;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose a GTID is, seen from the session that named it in {@code gtid_next}.
 *
 * <p>That SET waits while another session owns the GTID. If that one commits, or it was executed before, ours succeeds
 * all the same, but owns nothing: from then on MySQL passes over every statement that would change something, and
 * COMMIT answers OK and commits nothing. What then stands under the GTID is the other session's.
 */
final class GtidOwner {
    private static final Logger LOG = LoggerFactory.getLogger(GtidOwner.class);

    private final Statement statement;

    GtidOwner(Statement statement) {
        this.statement = statement;
    }

    /**
     * Asked just before the COMMIT of a transaction without content, which would take any OK for its own.
     *
     * @throws ApplyException if the session does not own it, though nobody has executed it: to be tried again
     */
    void requireForEmptyCommit(Gtid gtid) throws SQLException, ApplyException {
        if (owns(gtid)) {
            return;
        }
        if (!isExecuted(gtid)) {
            throw new ApplyException(
                    gtid,
                    Remedy.RETRY,
                    gtid + " is neither owned by the session that would commit it nor executed",
                    null);
        }
        tellKept(gtid);
    }

    /**
     * Commits a GTID whose statement was answered with OK and may have committed nothing: it found nothing to change, or
     * MySQL passed over it because the GTID was executed before, which stays as it is.
     *
     * @throws ApplyException if the session does not own it, though nobody has executed it: to be tried again
     */
    void commitUnlessExecuted(Gtid gtid) throws SQLException, ApplyException {
        if (!isExecuted(gtid)) {
            statement.execute("BEGIN");
            requireForEmptyCommit(gtid);
            statement.execute("COMMIT");
        }
    }

    /**
     * The same for a transaction without content that was sent whole: what the target keeps under its GTID is told.
     *
     * @throws ApplyException as above
     */
    void commitEmptyUnlessExecuted(Gtid gtid) throws SQLException, ApplyException {
        if (isExecuted(gtid)) {
            tellKept(gtid);
        } else {
            commitUnlessExecuted(gtid);
        }
    }

    private static void tellKept(Gtid gtid) {
        LOG.warn("gtid={} was to be committed empty; the target had executed it, and keeps what it has", gtid);
    }

    private boolean owns(Gtid gtid) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT @@session.gtid_owned")) {
            return row.next() && GtidSet.parse(row.getString(1)).contains(gtid);
        }
    }

    boolean isExecuted(Gtid gtid) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT GTID_SUBSET('" + gtid + "', @@global.gtid_executed)")) {
            return row.next() && row.getBoolean(1);
        }
    }
}

package io.regent.sql.client;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.protocol.ServerSessionStateController;
import com.mysql.cj.protocol.ServerSessionStateController.ServerSessionStateChanges;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChange;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChangesListener;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The GTIDs that the server named to one session as it committed. The driver refers weakly to a listener, so whoever
 * wants them keeps this; it does not refer to the session.
 */
final class CommittedGtids implements SessionStateChangesListener {
    private static final String TRACKED = "OWN_GTID";

    private GtidTracker named = new GtidTracker();

    private CommittedGtids() {}

    /**
     * Begins to hear what is committed from now on.
     *
     * @throws IllegalStateException if this session cannot tell; the message has the remedy
     * @throws SQLException if the server refuses
     */
    static CommittedGtids of(JdbcConnection session) throws SQLException {
        if (!session.getPropertySet()
                .getBooleanProperty(PropertyKey.trackSessionState)
                .getValue()) {
            throw new IllegalStateException(
                    "this session was opened without trackSessionState, so MySQL names no GTID to"
                            + " it; add trackSessionState=true to the JDBC URL or to the data source's properties");
        }
        enable(session);
        CommittedGtids committed = new CommittedGtids();
        session.getServerSessionStateController().addSessionStateChangesListener(committed);
        return committed;
    }

    /** Has the server name them. */
    static void enable(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SET SESSION session_track_gtids = '" + TRACKED + "'");
        }
    }

    @Override
    public synchronized void handleSessionStateChanges(ServerSessionStateChanges changes) {
        for (SessionStateChange change : changes.getSessionStateChangesList()) {
            if (change.getType() == ServerSessionStateController.SESSION_TRACK_GTIDS) {
                change.getValues().forEach(set -> named.addAll(GtidSet.parse(set)));
            }
        }
    }

    /** What was named since the last call. */
    synchronized GtidSet take() {
        GtidSet all = named.toSet();
        named = new GtidTracker();
        return all;
    }

    /** What was taken was not answered for. */
    synchronized void putBack(GtidSet taken) {
        named.addAll(taken);
    }

    /**
     * Whether the server still names to the session what it commits. If not, what was named may be less than what was
     * committed, and nothing may be said of it.
     *
     * @param known what was named
     * @throws IllegalStateException if it does not; the message has the remedy
     * @throws SQLException if the session is lost
     */
    static void check(Connection session, GtidSet known) throws SQLException {
        String committed = known.isEmpty() ? "" : "; it is known to have committed " + known;
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@session.session_track_gtids")) {
            row.next();
            if (!TRACKED.equals(row.getString(1))) {
                throw new IllegalStateException("session_track_gtids is " + row.getString(1)
                        + " in this session, not OWN_GTID: something reset it, so it is not known what was committed"
                        + committed + "; call track(connection) after each reset, or put"
                        + " sessionVariables=session_track_gtids=OWN_GTID into the JDBC URL");
            }
        } catch (SQLException e) {
            throw new SQLException(
                    "the session cannot say whether it named all that it committed" + committed,
                    e.getSQLState(),
                    e.getErrorCode(),
                    e);
        }
    }
}

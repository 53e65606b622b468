package io.regent.sql.session;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.protocol.ServerSessionStateController;
import com.mysql.cj.protocol.ServerSessionStateController.ServerSessionStateChanges;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChange;
import com.mysql.cj.protocol.ServerSessionStateController.SessionStateChangesListener;
import io.regent.sql.gtid.Gtid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the server said that one session committed.
 *
 * <p>MySQL names the GTID in the OK of the statement that committed it. It names none that it passed over because it was
 * executed before, and none while nothing is committed. Used by the thread that uses the session.
 */
public final class CommitNames implements SessionStateChangesListener {
    private String last = "";

    private CommitNames() {}

    /**
     * Has the server name what the session commits. The driver refers weakly to the result: keep it with the session.
     *
     * @param session opened by {@link Sessions#namingCommits}, outside a transaction
     */
    public static CommitNames of(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SET SESSION session_track_gtids=OWN_GTID");
        }
        CommitNames names = new CommitNames();
        session.unwrap(MysqlConnection.class).getServerSessionStateController().addSessionStateChangesListener(names);
        return names;
    }

    @Override
    public void handleSessionStateChanges(ServerSessionStateChanges changes) {
        for (SessionStateChange change : changes.getSessionStateChangesList()) {
            if (change.getType() == ServerSessionStateController.SESSION_TRACK_GTIDS) {
                last = change.getValues().get(0);
            }
        }
    }

    /** Whether this is what the server named last, since the last call that said yes. */
    public boolean takes(Gtid gtid) {
        boolean named = last.equals(gtid.toString());
        if (named) {
            last = "";
        }
        return named;
    }
}

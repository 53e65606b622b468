package io.regent.sql.fence;

import io.regent.sql.blocker.Blocker;
import io.regent.sql.blocker.Blockers;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What would hold the closing of a server up, for who looks without a fence.
 *
 * @param blockers sessions, the oldest first
 * @param prepared prepared XA transactions
 * @param blindness why locks of tables cannot be seen; empty if they can
 */
public record MasterSessions(List<Blocker> blockers, List<PreparedXa> prepared, String blindness) {
    /** Copies the lists. */
    public MasterSessions {
        blockers = List.copyOf(blockers);
        prepared = List.copyOf(prepared);
    }

    /**
     * Looks.
     *
     * @param sessions sessions of the FENCE account, which alone may list prepared transactions
     */
    public static MasterSessions read(Sessions sessions) throws SQLException {
        String fence = sessions.account().user();
        try (Connection session = sessions.program("regent-preflight").open()) {
            return new MasterSessions(
                    Blockers.read(session, fence),
                    new XaTransactions(session, new Clients(fence)).prepared(),
                    Blockers.blindness(session));
        }
    }
}

package io.regent.sql.fence;

import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** XA transactions of a server. They pass the seal: an open one can be prepared, a prepared one committed. */
final class XaTransactions {
    private static final String INSTRUMENTED = """
            SELECT (SELECT COUNT(*) FROM performance_schema.setup_consumers
                    WHERE NAME IN ('global_instrumentation', 'thread_instrumentation', 'events_transactions_current')
                      AND ENABLED = 'YES')
                 + (SELECT COUNT(*) FROM performance_schema.setup_instruments
                    WHERE NAME = 'transaction' AND ENABLED = 'YES')""";
    private static final int ALL_ON = 4;

    static final String PREPARED = "XA RECOVER CONVERT XID";

    /** Sessions with an open XA transaction, and those of which it cannot be known. */
    private static final String OPEN = """
            SELECT t.PROCESSLIST_ID
            FROM performance_schema.threads t
            LEFT JOIN performance_schema.events_transactions_current e USING (THREAD_ID)
            WHERE t.TYPE = 'FOREGROUND' AND t.PROCESSLIST_ID IS NOT NULL AND t.PROCESSLIST_ID <> CONNECTION_ID()
              AND (t.INSTRUMENTED = 'NO' OR e.XA_STATE IN ('ACTIVE', 'IDLE', 'PREPARED', 'ROLLBACK ONLY'))""";

    private final Connection session;
    private final Clients clients;

    XaTransactions(Connection session, Clients clients) {
        this.session = session;
        this.clients = clients;
    }

    /**
     * Kills the sessions that have one open and waits until they are gone. Where the server does not keep track of
     * transactions, that is every client.
     *
     * @return false if some are left at the deadline
     */
    boolean killOpen(long deadlineNanos) throws SQLException {
        List<Long> ids = new ArrayList<>(clients.all(session));
        if (isInstrumented()) {
            ids.retainAll(Statements.numbers(session, OPEN));
        }
        return Clients.killAndAwait(session, ids, deadlineNanos);
    }

    private boolean isInstrumented() throws SQLException {
        List<Long> count = Statements.numbers(session, INSTRUMENTED);
        return count.size() == 1 && count.get(0) == ALL_ON;
    }

    /** The prepared ones; needs XA_RECOVER_ADMIN. */
    List<PreparedXa> prepared() throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(PREPARED)) {
            return prepared(row);
        }
    }

    /** The prepared ones as they were answered to {@link #PREPARED}. */
    static List<PreparedXa> prepared(ResultSet row) throws SQLException {
        List<PreparedXa> all = new ArrayList<>();
        while (row.next()) {
            String data = row.getString(4).substring("0x".length());
            int gtridEnd = 2 * row.getInt(2);
            all.add(new PreparedXa(row.getLong(1), data.substring(0, gtridEnd), data.substring(gtridEnd)));
        }
        return all;
    }
}

package io.regent.sql.fence;

import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The lease row of one coordinator on one start of its mysqld, as that coordinator writes it: first asked, then granted
 * (PROTOCOL.md, "Lease").
 */
final class OwnLease {
    /** How often is read before, and not in the UPDATE, which would lock the rows of other coordinators for it. */
    private static final String ASK = """
            SELECT COALESCE(SUM(asks), 0) INTO @regent_asks FROM regent_local.lease;
            UPDATE regent_local.lease l JOIN regent_local.beat b ON b.id = 1
            SET l.asked = ?, l.asked_at = SYSDATE(6), l.asked_beat = b.beat, l.asked_ttl_ms = ?, l.run = b.run,
                l.asks = l.asks + 1
            WHERE l.coordinator = ? AND b.run = ? AND NOT (l.asked_beat <=> b.beat)
                AND @regent_asks BETWEEN ? AND ?""";

    private static final String GRANT = """
            UPDATE regent_local.lease SET granted = asked, granted_at = asked_at, granted_ttl_ms = asked_ttl_ms
            WHERE coordinator = ? AND asked = ? AND run = ?""";
    private static final String REVOKE = """
            UPDATE regent_local.lease l LEFT JOIN regent_local.beat b ON b.id = 1
            SET l.asked = NULL, l.asked_at = NULL, l.asked_ttl_ms = NULL, l.asked_beat = b.beat,
                l.granted = NULL, l.granted_at = NULL, l.granted_ttl_ms = NULL""";

    /** More asks of others than come between a look and what is decided of it. */
    private static final long LATE = 2;

    private final Connection session;
    private final String coordinator;
    private final String run;
    private boolean exists;

    /**
     * Nothing is written yet.
     *
     * @throws SQLException if {@code init} has not made the server ready
     */
    OwnLease(Connection session, String coordinator) throws SQLException {
        this.session = session;
        this.coordinator = coordinator;
        this.run = Statements.text(session, "SELECT regent_local.run()")
                .orElseThrow(() -> new SQLException("the server does not say since when it runs"));
    }

    /** Writes the row if it is not there; its first ask needs a beat that comes after this. */
    void ensure() throws SQLException {
        if (!exists) {
            Statements.update(
                    session,
                    "INSERT IGNORE INTO regent_local.lease (coordinator, asked_beat)"
                            + " SELECT ?, MAX(beat) FROM regent_local.beat",
                    coordinator);
            exists = true;
        }
    }

    Ask ask(String nonce, Duration ttl, long asks) throws SQLException {
        if (!nonce.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("not a nonce: '" + nonce + "'");
        }
        ensure();
        // The session is this mysqld's: what is read here cannot be another server's by the next statement.
        return Statements.lastUpdate(session, ASK, nonce, ttl.toMillis(), coordinator, run, asks, asks + LATE) == 1
                ? Ask.WRITTEN
                : Ask.REFUSED;
    }

    boolean grant(String nonce) throws SQLException {
        return Statements.update(session, GRANT, coordinator, nonce, run) == 1;
    }

    /** Takes every coordinator's nonces away; the next ask needs a beat that comes after this. */
    static void revokeAll(Connection session) throws SQLException {
        Statements.execute(session, REVOKE);
    }
}

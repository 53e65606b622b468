package io.regent.sql.schema;

import io.regent.sql.gtid.GtidSet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;

/**
 * What a server executed, whether it outlives a crash there, what of it the server knows to be void, and whose rows say so.
 *
 * <p>The executed set is read first, by a statement of its own. A verdict is stored in a server before anything of it is
 * committed empty or rewound there (PROTOCOL.md, "Return"), so whatever is empty in {@code executed} is in {@code voided}.
 *
 * @param server {@code @@server_uuid}
 * @param identity the server whose rows {@code regent_local} holds, see {@link LocalIdentity}; empty if none was written
 * @param executed {@code @@global.gtid_executed}
 * @param relaxed the setting by which a crash of the machine may lose what was committed; empty if there is none. It is
 *     the setting of now: what was committed under another one is not told apart.
 * @param epoch the newest epoch that the server recorded; 0 if none
 * @param openedEpoch the newest epoch in which it was opened; 0 if none
 * @param voided what the verdicts stored in it made void
 */
public record Holdings(
        UUID server,
        Optional<UUID> identity,
        GtidSet executed,
        String relaxed,
        long epoch,
        long openedEpoch,
        GtidSet voided) {
    private static final String SERVER = "SELECT @@global.gtid_executed, @@global.sync_binlog,"
            + " @@global.innodb_flush_log_at_trx_commit, @@server_uuid";
    private static final String EPOCH = "SELECT COALESCE(MAX(epoch), 0),"
            + " COALESCE(MAX(IF(opened_at IS NULL, 0, epoch)), 0) FROM regent_local.epoch";
    private static final String VERDICTS = "SELECT voided FROM regent_local.verdict";

    /**
     * Reads it in one round trip; needs SELECT on {@code regent_local} and a connection with {@code multiStatements} that
     * autocommits, so that no statement sees older rows than the one before.
     *
     * @throws SQLException if the server does not answer or has no {@code regent_local}
     */
    public static Holdings read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(String.join(";", SERVER, LocalIdentity.READ, EPOCH, VERDICTS));
            GtidSet executed;
            String relaxed;
            UUID server;
            try (ResultSet row = only(statement.getResultSet())) {
                executed = GtidSet.parse(row.getString(1));
                relaxed = relaxed(row.getLong(2), row.getLong(3));
                server = UUID.fromString(row.getString(4));
            }
            Optional<UUID> identity;
            try (ResultSet rows = next(statement)) {
                identity = rows.next() ? Optional.of(UUID.fromString(rows.getString(1))) : Optional.empty();
            }
            long epoch;
            long openedEpoch;
            try (ResultSet row = only(next(statement))) {
                epoch = row.getLong(1);
                openedEpoch = row.getLong(2);
            }
            try (ResultSet rows = next(statement)) {
                return new Holdings(server, identity, executed, relaxed, epoch, openedEpoch, voided(rows));
            }
        }
    }

    /** Why nothing that the rows of {@code regent_local} say is to be believed; empty if they are the server's own. */
    public Optional<String> copied() {
        return LocalIdentity.copied(server, identity);
    }

    private static String relaxed(long syncBinlog, long flushLog) {
        if (syncBinlog != 1) {
            return "sync_binlog is " + syncBinlog + ", not 1";
        }
        return flushLog == 1 ? "" : "innodb_flush_log_at_trx_commit is " + flushLog + ", not 1";
    }

    private static GtidSet voided(ResultSet rows) throws SQLException {
        GtidSet all = GtidSet.EMPTY;
        while (rows.next()) {
            all = all.union(GtidSet.parse(rows.getString(1)));
        }
        return all;
    }

    private static ResultSet only(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            throw new SQLException("the server answered with no row");
        }
        return rows;
    }

    private static ResultSet next(Statement statement) throws SQLException {
        if (!statement.getMoreResults()) {
            throw new SQLException("the server answered fewer questions than were asked");
        }
        return statement.getResultSet();
    }
}

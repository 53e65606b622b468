package io.regent.sql.session;

import io.regent.sql.gtid.GtidSet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * What a server says about itself, read by one statement.
 *
 * @param serverUuid {@code @@server_uuid}: the origin of what is first committed here
 * @param serverId {@code @@server_id}
 * @param version version of the server
 * @param readOnly {@code @@global.read_only}
 * @param superReadOnly {@code @@global.super_read_only}
 * @param offlineMode {@code @@global.offline_mode}: clients without CONNECTION_ADMIN are thrown out
 * @param gtidExecuted {@code @@global.gtid_executed}
 * @param gtidPurged {@code @@global.gtid_purged}: executed, but no longer in the binlog
 */
public record ServerState(
        UUID serverUuid,
        long serverId,
        ServerVersion version,
        boolean readOnly,
        boolean superReadOnly,
        boolean offlineMode,
        GtidSet gtidExecuted,
        GtidSet gtidPurged) {
    /** One statement: no column is older than what stands before it. */
    public static final String QUERY = """
            SELECT @@server_uuid, @@server_id, @@version, @@global.read_only, @@global.super_read_only,
                   @@global.offline_mode, @@global.gtid_executed, @@global.gtid_purged""";

    /**
     * Reads the state; needs no privilege.
     *
     * @throws SQLException if the server does not answer
     */
    public static ServerState read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            return of(row);
        }
    }

    /**
     * The state as it was answered to {@link #QUERY}.
     *
     * @throws SQLException if there is no row
     */
    public static ServerState of(ResultSet row) throws SQLException {
        if (!row.next()) {
            throw new SQLException("no row from: " + QUERY);
        }
        return new ServerState(
                UUID.fromString(row.getString(1)),
                row.getLong(2),
                ServerVersion.parse(row.getString(3)),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getBoolean(6),
                GtidSet.parse(row.getString(7)),
                GtidSet.parse(row.getString(8)));
    }

    /** The write state that the variables amount to. */
    public WriteState writeState() {
        return WriteState.of(readOnly, superReadOnly);
    }
}

package io.regent.sql.schema;

import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Whose rows {@code regent_local} holds. A copy of a data directory, or a clone, brings the rows of the server that it
 * was made from; under another server uuid they are not that server's own, and nothing is to be believed of them.
 */
public final class LocalIdentity {
    /** What makes the rows the own server's. */
    public static final String CLAIM = "REPLACE INTO regent_local.identity (id, server_uuid) VALUES (1, @@server_uuid)";

    /** Whose rows they are from the moment in which somebody sets out to replace the server's data: no server's. */
    public static final UUID CONDEMNED = new UUID(0, 0);

    /** ER_BAD_DB_ERROR. */
    private static final int NO_SUCH_SCHEMA = 1049;

    static final String READ = "SELECT server_uuid FROM regent_local.identity WHERE id = 1";

    private LocalIdentity() {}

    /**
     * The uuid of the server whose rows they are; empty if none was written yet.
     *
     * @throws SQLException if the server does not answer or has no such table
     */
    public static Optional<UUID> read(Connection session) throws SQLException {
        return Statements.text(session, READ).map(UUID::fromString);
    }

    /** Whether an error says that there is no {@code regent_local}, or not all of it. */
    public static boolean isAbsence(SQLException error) {
        return MysqlErrors.is(error, NO_SUCH_SCHEMA) || MysqlErrors.is(error, MysqlErrors.NO_SUCH_TABLE);
    }

    /**
     * Checks that they are this server's.
     *
     * @throws SQLException if they are not, with what to do about it
     */
    public static void require(Connection session) throws SQLException {
        try {
            UUID own = UUID.fromString(
                    Statements.text(session, "SELECT @@server_uuid").orElseThrow());
            require(own, read(session));
        } catch (SQLException e) {
            if (isAbsence(e)) {
                throw new SQLException(
                        "it has no regent_local: 'dbctl init' was never run for it, or its data is gone, for a clone was"
                                + " broken off; then 'dbctl region rebuild' goes on",
                        e);
            }
            throw e;
        }
    }

    static void require(UUID own, Optional<UUID> found) throws SQLException {
        Optional<String> copied = copied(own, found);
        if (copied.isPresent()) {
            throw new SQLException(copied.get());
        }
    }

    /** Why they are not those of this server, and what to do about it; empty if they are. */
    static Optional<String> copied(UUID own, Optional<UUID> found) {
        if (found.equals(Optional.of(own))) {
            return Optional.empty();
        }
        return Optional.of(
                found.equals(Optional.of(CONDEMNED))
                        ? "its data is being replaced, or was and is gone in part: 'dbctl region rebuild' goes on"
                        : "its data is a copy: the rows of regent_local are those of the server "
                                + found.map(UUID::toString).orElse("none") + ", and this one is " + own
                                + ". 'dbctl region rebuild' or 'dbctl region rejoin' makes them its own");
    }
}

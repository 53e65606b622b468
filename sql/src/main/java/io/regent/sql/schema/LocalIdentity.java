package io.regent.sql.schema;

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

    /**
     * Checks that they are this server's.
     *
     * @throws SQLException if they are not, with what to do about it
     */
    public static void require(Connection session) throws SQLException {
        UUID own =
                UUID.fromString(Statements.text(session, "SELECT @@server_uuid").orElseThrow());
        Optional<String> copied = copied(own, read(session));
        if (copied.isPresent()) {
            throw new SQLException(copied.get());
        }
    }

    /** Why they are not those of this server, and what to do about it; empty if they are. */
    static Optional<String> copied(UUID own, Optional<UUID> found) {
        return found.filter(own::equals).isPresent()
                ? Optional.empty()
                : Optional.of("its data is a copy: the rows of regent_local are those of the server "
                        + found.map(UUID::toString).orElse("none") + ", and this one is " + own
                        + ". 'dbctl region rebuild' or 'dbctl region rejoin' makes them its own");
    }
}

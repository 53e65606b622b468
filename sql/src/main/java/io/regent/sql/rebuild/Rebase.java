package io.regent.sql.rebuild;

import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the rows of {@code regent_local} that came with a copy of a server's data the own server's.
 *
 * <p>Kept is what is true of the data: epochs with their cuts, verdicts as they were settled in it, what was rewound.
 * Not kept is what is true of a server: its leases, the guards of its apply sessions, and, if the copied server was
 * another region's, that it opened.
 *
 * <p>Nor is the newest epoch kept: the region records it as any other, with guards raised and links stopped first. One
 * that woke up in it would take the links it ran before for running, whose guards are gone (found by simulation).
 */
public final class Rebase {
    private Rebase() {}

    /**
     * Does it, in one transaction that is not logged: either all is this server's own afterwards or nothing is, and
     * nobody believes any of it. A SEALED server is made STANDBY for it and stays so.
     *
     * @param admin a session of an administrator, with autocommit on
     * @param ofAnotherRegion whether the copied server was another region's
     */
    public static void run(Connection admin, boolean ofAnotherRegion) throws SQLException {
        List<String> statements = new ArrayList<>(List.of(
                "SET SESSION sql_log_bin = 0",
                "SET GLOBAL read_only = ON",
                "SET GLOBAL super_read_only = OFF",
                "START TRANSACTION",
                "DELETE FROM regent_local.lease",
                "DELETE FROM regent_local.guard",
                "DELETE FROM regent_local.applier",
                "DELETE FROM regent_local.epoch ORDER BY epoch DESC LIMIT 1"));
        if (ofAnotherRegion) {
            statements.add("UPDATE regent_local.epoch SET opened_at = NULL");
        }
        statements.add(LocalIdentity.CLAIM);
        statements.add("COMMIT");
        for (String sql : statements) {
            Statements.execute(admin, sql);
        }
    }
}

package io.regent.sql.rebuild;

import io.regent.sql.schema.Answer;
import io.regent.sql.session.Statements;
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
 * that woke up in it would take the links it ran before for running, whose guards are gone (found by simulation). Where
 * it was the only one, an epoch 0 stands for it, which nobody can open: the dead-man governs a server that knows an epoch.
 */
public final class Rebase {
    private Rebase() {}

    /**
     * Does it, in one transaction that is not logged: either all is this server's own afterwards or nothing is, and
     * nobody believes any of it. A SEALED server is made STANDBY for it and stays so.
     *
     * @param seen whose rows they are; they must not be the server's own, whose links may be running
     * @param ofAnotherRegion whether the copied server was another region's
     * @return refused, with nothing done, if the server is not what was seen any more, or is OPEN
     */
    public static Answer run(Ownership seen, boolean ofAnotherRegion) throws SQLException {
        if (seen.rowsOf().isEmpty() || seen.rowsOf().get().equals(seen.uuid())) {
            throw new IllegalArgumentException("not a copy: " + seen);
        }
        List<String> statements = new ArrayList<>(List.of(
                "DELETE FROM regent_local.lease",
                "DELETE FROM regent_local.guard",
                "DELETE FROM regent_local.applier",
                "DELETE FROM regent_local.epoch ORDER BY epoch DESC LIMIT 1",
                "INSERT INTO regent_local.epoch (epoch, region, recorded_at) SELECT 0, '', SYSDATE(6) FROM DUAL"
                        + " WHERE NOT EXISTS (SELECT 1 FROM regent_local.epoch)"));
        if (ofAnotherRegion) {
            statements.add("UPDATE regent_local.epoch SET opened_at = NULL");
        }
        return seen.change(() -> seen.inTransaction(() -> {
            boolean owned = seen.swap(seen.uuid());
            for (String sql : owned ? statements : List.<String>of()) {
                Statements.execute(seen.session(), sql);
            }
            return owned;
        }));
    }
}

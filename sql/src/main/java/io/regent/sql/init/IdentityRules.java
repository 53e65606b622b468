package io.regent.sql.init;

import io.regent.sql.init.InitStep.Sql;
import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.schema.LocalSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * That the rows of {@code regent_local} say whose they are: written once, and never changed here.
 *
 * @param step what writes it; empty if it is there
 * @param problem why it must not be written; empty if it may be or is there
 */
record IdentityRules(Optional<InitStep> step, Optional<InitProblem> problem) {
    static final String TABLE = "identity";

    static final String SUBJECT = "rows of " + LocalSchema.NAME;

    /**
     * @param absent whether the table is not there yet
     * @param known why rows that are nobody's are not to be claimed; empty if they may be
     */
    static IdentityRules look(Connection admin, UUID server, boolean absent, Optional<InitProblem> known)
            throws SQLException {
        Optional<UUID> found = absent ? Optional.empty() : LocalIdentity.read(admin);
        if (found.isEmpty() && known.isPresent()) {
            return new IdentityRules(Optional.empty(), known);
        }
        if (found.isEmpty()) {
            InitStep step =
                    new InitStep(SUBJECT, "nobody's", "this server's, " + server, List.of(Sql.of(LocalIdentity.CLAIM)));
            return new IdentityRules(Optional.of(step), Optional.empty());
        }
        if (found.get().equals(server)) {
            return new IdentityRules(Optional.empty(), Optional.empty());
        }
        return found.get().equals(LocalIdentity.CONDEMNED)
                ? refused(
                        "nobody's: its data was being replaced, and may be gone in part",
                        "'dbctl region rebuild REGION' goes on")
                : refused(
                        "those of the server " + found.get() + ": the data is a copy",
                        "'dbctl region rejoin REGION --new-uuid', or 'dbctl region rebuild REGION'");
    }

    private static IdentityRules refused(String found, String remedy) {
        return new IdentityRules(Optional.empty(), Optional.of(new InitProblem(SUBJECT, found, remedy)));
    }
}

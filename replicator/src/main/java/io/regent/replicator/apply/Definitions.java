package io.regent.replicator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.StatementKind;
import io.regent.replicator.transaction.Step;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.RawText;
import java.sql.SQLException;
import java.sql.Statement;

/** Definitions, run as their origin ran them. The caller rolls back what fails. */
final class Definitions {
    private final Statement statement;
    private final GtidOwner owner;
    private final StatementPackets packets;

    Definitions(Statement statement, GtidOwner owner, StatementPackets packets) {
        this.statement = statement;
        this.owner = owner;
        this.packets = packets;
    }

    /** Runs a definition: it commits itself, but for one whose rows follow, which is a transaction. */
    void run(SourceTransaction transaction) throws SQLException, ApplyException {
        Step.Statement first = ApplyFailures.definitionOf(transaction);
        if (!first.query().database().isEmpty()) {
            try {
                use(first.query().database());
            } catch (SQLException e) {
                if (owner.isExecuted(transaction.gtid())) {
                    return; // another session brought it, and its database may be gone since
                }
                throw e;
            }
        }
        statement.execute(ContextSql.of(first.query(), transaction.originalServerVersion()));
        statement.execute(PacketText.identity(transaction));
        if (transaction.steps().size() == 1 && first.kind() == StatementKind.DDL) {
            statement.execute(RawText.of(first.query().sqlBytes()));
            owner.commitUnlessExecuted(transaction.gtid()); // it may find nothing to do and write nothing
        } else {
            statement.execute("BEGIN");
            packets.each(transaction.steps(), statement::execute);
            statement.execute("COMMIT");
        }
    }

    private void use(String database) throws SQLException {
        statement.execute("SET character_set_client=utf8mb4");
        statement.execute(RawText.of(("USE " + Quoting.identifier(database)).getBytes(UTF_8)));
    }
}

package io.regent.replicator.stranded;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.stranded.keys.ForeignKeys;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.QueryEvent;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.StatementKind;
import io.regent.replicator.transaction.Step;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.session.Quoting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Why a transaction can't be rewound, as far as it tells by itself and by the foreign keys of its server. */
final class Obstacles {
    private static final int NO_FOREIGN_KEY_CHECKS = 0x2;

    private final ForeignKeys foreignKeys;

    Obstacles(ForeignKeys foreignKeys) {
        this.foreignKeys = foreignKeys;
    }

    /**
     * Keeps what a transaction holds, and the first thing that stands against undoing it.
     *
     * @param known what does already
     */
    StrandedTransaction examined(SourceTransaction transaction, long order, Optional<String> known) {
        List<RowsStatement> rows = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        Optional<String> obstacle = known;
        for (Step step : transaction.steps()) {
            if (step instanceof Step.Rows changed) {
                rows.add(changed.statement());
            } else if (step instanceof Step.Statement text) {
                obstacle = obstacle.or(() -> obstacle(text));
                if (text.kind() != StatementKind.SAVEPOINT) {
                    statements.add(whole(text.query()));
                }
            }
        }
        return new StrandedTransaction(
                        transaction.gtid(),
                        order,
                        transaction.originalCommitMicros(),
                        transaction.originalServerVersion(),
                        Optional.of(transaction.format()),
                        rows,
                        statements,
                        obstacle)
                .withObstacle(ofRows(rows));
    }

    private static String whole(QueryEvent query) {
        String use = query.database().isEmpty() ? "" : "USE " + Quoting.identifier(query.database()) + "; ";
        return use + new String(query.sqlBytes(), StandardCharsets.UTF_8);
    }

    private static Optional<String> obstacle(Step.Statement text) {
        if (text.kind() != StatementKind.SAVEPOINT) {
            return Optional.of("it is a definition, which has no inverse: " + text.query());
        }
        boolean back = text.query().sql().toUpperCase(Locale.ROOT).startsWith("ROLLBACK");
        return back
                ? Optional.of("it went back to a savepoint, so that some of its row events did not stay")
                : Optional.empty();
    }

    private Optional<String> ofRows(List<RowsStatement> rows) {
        for (RowsStatement statement : rows) {
            Optional<String> obstacle = ofRows(statement);
            if (obstacle.isPresent()) {
                return obstacle;
            }
        }
        return Optional.empty();
    }

    private Optional<String> ofRows(RowsStatement statement) {
        try {
            List<RowChange> changes = StrandedTransaction.changes(statement);
            boolean unchecked = statement.rows().stream()
                    .allMatch(event -> (RowsEvents.checkFlags(event) & NO_FOREIGN_KEY_CHECKS) != 0);
            return unchecked
                    ? Optional.empty()
                    : changes.stream()
                            .flatMap(change -> foreignKeys.unseen(change).stream())
                            .findFirst();
        } catch (UncarriableException | MalformedEventException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}

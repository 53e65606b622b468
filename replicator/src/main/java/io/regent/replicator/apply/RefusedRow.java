package io.regent.replicator.apply;

import io.regent.replicator.apply.ApplyException.Remedy;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.RowsWriter;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Step;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the row of a transaction that the target refuses, which MySQL's answer to BINLOG does not name: its changes are
 * made once more, event by event, until one is refused; then again up to that one, and its rows one by one; then all of it
 * is undone. Anew, because it is not relied upon what a refused BINLOG leaves of the transaction before it.
 *
 * <p>It never commits, and takes no GTID: without autocommit, whatever ends it, the server rolls back.
 */
final class RefusedRow {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedRow.class);
    /** A larger one would keep its locks for too long, and take much memory. */
    private static final long LARGEST = 16L << 20;

    private final Statement statement;
    private final StatementPackets packets;

    RefusedRow(Statement statement, StatementPackets packets) {
        this.statement = statement;
        this.packets = packets;
    }

    /**
     * Looks for it. The session knows the layout of the events, and no transaction is begun in it; none is afterwards.
     *
     * @return nothing if the transaction has none, is too large, or is not refused any more
     * @throws SQLException if the session is not as it was: it must be closed
     */
    Optional<RowChange> of(SourceTransaction transaction) throws SQLException {
        if (transaction.isDefinition() || transaction.size() > LARGEST) {
            return Optional.empty();
        }
        statement.execute("SET gtid_next='AUTOMATIC', autocommit=0");
        try {
            statement.execute("BEGIN");
            return among(parts(transaction));
        } catch (SQLException | RuntimeException e) { // as Contents
            LOG.debug("gtid={} which row it is can't be told: {}", transaction.gtid(), e.getMessage());
            return Optional.empty();
        } finally {
            statement.execute("ROLLBACK"); // before autocommit, which would commit what is left
            statement.execute("SET autocommit=1");
        }
    }

    /** Each event alone; between them, savepoints as they were. */
    private static List<Step> parts(SourceTransaction transaction) {
        List<Step> parts = new ArrayList<>();
        for (Step step : transaction.steps()) {
            if (step instanceof Step.Statement) {
                parts.add(step);
            }
            for (RowsStatement change : step.changes()) {
                RowsWriter.events(change).forEach(event -> parts.add(new Step.Rows(event)));
            }
        }
        return parts;
    }

    private Optional<RowChange> among(List<Step> parts) throws SQLException {
        int refused = firstRefused(parts);
        if (refused == parts.size() || !(parts.get(refused) instanceof Step.Rows rows)) {
            return Optional.empty();
        }
        statement.execute("ROLLBACK");
        statement.execute("BEGIN");
        List<Step> before = parts.subList(0, refused);
        if (firstRefused(before) < before.size()) {
            return Optional.empty(); // somebody changed the target meanwhile
        }
        RowsStatement event = rows.statement();
        List<RowChange> changes = Contents.of(event);
        List<Step> alone = new ArrayList<>();
        RowsWriter.rows(event, changes).forEach(row -> alone.add(new Step.Rows(row)));
        int row = firstRefused(alone);
        return row == alone.size() ? Optional.empty() : Optional.of(changes.get(row));
    }

    /** Makes them in order; the place of the first that is refused, or their number. */
    private int firstRefused(List<Step> parts) throws SQLException {
        for (int i = 0; i < parts.size(); i++) {
            if (isRefused(parts.get(i))) {
                return i;
            }
        }
        return parts.size();
    }

    /** What may pass by itself (a lock, say) is no refusal: then nothing is told. */
    private boolean isRefused(Step part) throws SQLException {
        try {
            for (String text : packets.of(List.of(part))) {
                statement.execute(text);
            }
            return false;
        } catch (SQLException e) {
            if (ApplyFailures.remedy(e) == Remedy.STOP) {
                return true;
            }
            throw e;
        }
    }
}

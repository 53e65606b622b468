package io.regent.replicator.apply;

import io.regent.replicator.apply.ApplyException.Remedy;
import io.regent.replicator.rows.RowChange;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Step;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an error of the target means for the transaction that met it. */
final class ApplyFailures {
    private static final Set<Integer> CLOSED = Set.of(MysqlErrors.READ_ONLY, 1836); // ER_READ_ONLY_MODE

    private static final String MAKE_EQUAL = ": rows were changed there behind Regent's back. See what differs with"
            + " dbctl verify, make it equal (sql_log_bin=0 at the wrong one), then start the link again (a coordinator does so by itself)";
    private static final String NO_PARENT = "the target lacks a parent row that the source had" + MAKE_EQUAL;
    private static final int PARENT_MISSING_UNTOLD = 1216; // ER_NO_REFERENCED_ROW, BINLOG's answer (8.0.33, tried)
    private static final Map<Integer, String> REMEDIES = Map.of(
            MysqlErrors.ROW_MISSING,
            "the target lacks a row that the source changed" + MAKE_EQUAL,
            MysqlErrors.DUPLICATE_ENTRY,
            "the target has a row with this key that the source had not" + MAKE_EQUAL,
            MysqlErrors.PARENT_MISSING,
            NO_PARENT,
            PARENT_MISSING_UNTOLD,
            NO_PARENT,
            MysqlErrors.UNKNOWN_ERROR,
            "so MySQL says that the apply account lacks INSERT, UPDATE and DELETE on the table (dbctl init"
                    + " grants them), or that a column there is of another type than at the source (make the"
                    + " tables equal with sql_log_bin=0); then start the link again (a coordinator does so by itself)");
    private static final int ROWS_NAMED = 3;
    private static final int LONGEST_KEY = 100;

    private ApplyFailures() {}

    /**
     * What may be tried again.
     *
     * @param cause what {@link #remedy} has an answer to
     */
    static ApplyException of(SourceTransaction transaction, SQLException cause) {
        return new ApplyException(transaction.gtid(), remedy(cause), begin(transaction, cause), cause);
    }

    /**
     * What must be looked at.
     *
     * @param refused the row that the target refused; if that is not known, the transaction's first rows are told
     */
    static ApplyException stopped(SourceTransaction transaction, SQLException cause, Optional<RowChange> refused) {
        String message = begin(transaction, cause) + rows(transaction, cause, refused) + remedyText(transaction, cause);
        StopReport report = new Contents(transaction).report(cause.getErrorCode(), message, refused, table -> true);
        return ApplyException.stopped(transaction.gtid(), message, cause, report);
    }

    private static String begin(SourceTransaction transaction, SQLException cause) {
        return transaction.gtid() + " (" + content(transaction) + "): error " + cause.getErrorCode() + ", "
                + MysqlErrors.line(cause);
    }

    private static String rows(SourceTransaction transaction, SQLException cause, Optional<RowChange> refused) {
        if (refused.isPresent()) {
            return "; the target refuses "
                    + StopReport.Row.of(refused.get(), true).line();
        }
        String rows = remedyText(transaction, cause).isEmpty() ? "" : firstRows(transaction);
        return rows.isEmpty() ? "" : "; its first rows: " + rows;
    }

    private static String remedyText(SourceTransaction transaction, SQLException cause) {
        String remedy = REMEDIES.get(cause.getErrorCode());
        return remedy == null || transaction.isDefinition() ? "" : ". Cause: " + remedy;
    }

    private static String firstRows(SourceTransaction transaction) {
        try {
            Optional<RowsStatement> statement = transaction.steps().stream()
                    .flatMap(step -> step.changes().stream())
                    .findFirst();
            return statement.map(ApplyFailures::firstRows).orElse("");
        } catch (RuntimeException e) {
            return ""; // images that are not full, or damaged: the message goes without
        }
    }

    private static String firstRows(RowsStatement statement) {
        List<RowChange> changes = Contents.of(statement);
        String rows =
                changes.stream().limit(ROWS_NAMED).map(ApplyFailures::name).collect(Collectors.joining(", "));
        return changes.size() > ROWS_NAMED ? rows + ", ..." : rows;
    }

    private static String name(RowChange change) {
        return change.table().name() + " (" + RowChange.bounded(change.keyText(), LONGEST_KEY) + ")";
    }

    /** What may help against an error of the target, whatever met it. */
    static Remedy remedy(SQLException cause) {
        if (MysqlErrors.isConnectionLost(cause)) {
            return Remedy.RECONNECT;
        }
        if (CLOSED.contains(cause.getErrorCode())) {
            return Remedy.RETRY_SOON;
        }
        return MysqlErrors.isTransient(cause)
                        || MysqlErrors.isOfStorage(cause)
                        || MysqlErrors.is(cause, MysqlErrors.QUERY_INTERRUPTED)
                ? Remedy.RETRY
                : Remedy.STOP;
    }

    private static String content(SourceTransaction transaction) {
        return transaction.isDefinition()
                ? definitionOf(transaction).query().toString()
                : "tables " + new Contents(transaction).tables();
    }

    /** The statement that makes a transaction a definition. */
    static Step.Statement definitionOf(SourceTransaction transaction) {
        return transaction.steps().stream()
                .filter(Step.Statement.class::isInstance)
                .map(Step.Statement.class::cast)
                .findFirst()
                .orElseThrow();
    }
}

package io.regent.replicator.apply;

import io.regent.replicator.apply.ApplyException.Remedy;
import io.regent.replicator.rows.TableMapReader;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Step;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.Set;

/** What an error of the target means for the transaction that met it. */
final class ApplyFailures {
    /** Codes that pass by themselves: disk full, sealed target, interrupted query. */
    private static final Set<Integer> WORTH_RETRYING = Set.of(
            1021, // disk full
            1114, // table (or disk) full
            MysqlErrors.READ_ONLY,
            1836, // ER_READ_ONLY_MODE
            MysqlErrors.QUERY_INTERRUPTED);

    private ApplyFailures() {}

    static ApplyException of(SourceTransaction transaction, SQLException cause) {
        return new ApplyException(
                transaction.gtid(),
                remedy(cause),
                transaction.gtid() + " (" + content(transaction) + "): error " + cause.getErrorCode() + ", "
                        + MysqlErrors.line(cause),
                cause);
    }

    private static Remedy remedy(SQLException cause) {
        if (MysqlErrors.isConnectionLost(cause)) {
            return Remedy.RECONNECT;
        }
        return MysqlErrors.isTransient(cause) || WORTH_RETRYING.contains(cause.getErrorCode())
                ? Remedy.RETRY
                : Remedy.STOP;
    }

    private static String content(SourceTransaction transaction) {
        return transaction.isDefinition()
                ? definitionOf(transaction).query().toString()
                : "tables "
                        + transaction
                                .tableMaps()
                                .map(map -> TableMapReader.read(map).name())
                                .distinct()
                                .toList();
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

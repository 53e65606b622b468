package io.regent.replicator.apply;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.RowsReader;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.rows.TableMapReader;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.SourceTransaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a transaction changes, for reports: as much as can be read, which of one that stops a link may be little. Whatever a
 * damaged image does to who reads it, the error that stopped the link is told.
 */
final class Contents {
    /** To count the rows of a larger one would keep whoever looks for its cause waiting. */
    private static final long COUNTED_BYTES = 64L << 20;

    private static final int LONGEST_STATEMENT = 500;

    private final SourceTransaction transaction;

    Contents(SourceTransaction transaction) {
        this.transaction = transaction;
    }

    /**
     * A report of it.
     *
     * @param error MySQL's number, 0 if it was not MySQL
     * @param refused the row that the target refused, if that is known
     * @param fallback of which table a row is shown if it is not
     */
    StopReport report(int error, String cause, Optional<RowChange> refused, Predicate<TableDescription> fallback) {
        Optional<RowChange> shown = refused.or(() -> first(fallback));
        return new StopReport(
                transaction.gtid().toString(),
                error,
                cause,
                tables(),
                count(),
                statement(),
                shown.map(row -> StopReport.Row.of(row, refused.isPresent())).orElse(null));
    }

    /** Names of its tables, each once. */
    List<String> tables() {
        try {
            return transaction
                    .tableMaps()
                    .map(map -> TableMapReader.read(map).name())
                    .distinct()
                    .toList();
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    private long count() {
        try {
            return transaction.size() > COUNTED_BYTES ? 0 : changes().count();
        } catch (RuntimeException e) {
            return 0;
        }
    }

    private String statement() {
        return transaction.isDefinition()
                ? RowChange.bounded(
                        ApplyFailures.definitionOf(transaction).query().toString(), LONGEST_STATEMENT)
                : "";
    }

    /** The first row of a table like that; nothing if there is none, or its images are not full. */
    Optional<RowChange> first(Predicate<TableDescription> of) {
        try {
            return changes().filter(row -> of.test(row.table())).findFirst();
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private Stream<RowChange> changes() {
        return transaction.steps().stream()
                .flatMap(step -> step.changes().stream())
                .flatMap(Contents::changes);
    }

    private static Stream<RowChange> changes(RowsStatement statement) {
        Map<Long, TableDescription> tables = new HashMap<>();
        statement.tables().forEach(map -> tables.put(RowsEvents.tableId(map), TableMapReader.read(map)));
        return statement.rows().stream().flatMap(event -> rows(event, tables).stream());
    }

    private static List<RowChange> rows(BinlogEvent event, Map<Long, TableDescription> tables) {
        return RowsReader.read(event, Objects.requireNonNull(tables.get(RowsEvents.tableId(event))));
    }

    /** The rows of a statement, in order. */
    static List<RowChange> of(RowsStatement statement) {
        return changes(statement).toList();
    }
}

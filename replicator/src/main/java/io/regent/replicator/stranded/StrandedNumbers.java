package io.regent.replicator.stranded;

import io.regent.replicator.rows.ColumnValue;
import io.regent.replicator.rows.RowChange;
import io.regent.sql.counter.Counters;
import io.regent.sql.counter.Counters.Table;
import io.regent.sql.gtid.Gtid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The AUTO_INCREMENT values that stranded transactions used. Somebody outside was told them ("your number is 5"), so they
 * are not given to anybody else, be the transaction held, released or discarded.
 */
public final class StrandedNumbers {
    private final Connection server;
    private final Map<Table, Optional<String>> columns = new HashMap<>();
    private final Map<Table, BigInteger> highest = new HashMap<>();

    private StrandedNumbers(Connection server) {
        this.server = server;
    }

    /**
     * For each table of this server that has a counter, the highest value that these used.
     *
     * @param server any session that may read {@code regent.stranded_payload} and the catalogue
     * @param gtids those that are not in its table are passed over
     */
    public static Map<Table, BigInteger> highest(Connection server, Collection<Gtid> gtids) throws SQLException {
        StrandedNumbers numbers = new StrandedNumbers(server);
        for (Gtid gtid : gtids) {
            Optional<StrandedTransaction> transaction = StrandedTable.transaction(server, gtid);
            if (transaction.isPresent()) {
                numbers.add(transaction.get());
            }
        }
        return numbers.highest;
    }

    private void add(StrandedTransaction transaction) throws SQLException {
        for (RowChange change : transaction.changes()) {
            Table table = new Table(change.table().schema(), change.table().table());
            Optional<String> column = column(table);
            if (column.isPresent()) {
                for (ColumnValue value : RowChange.values(change.table(), List.of(column.get()), change.newest())) {
                    add(table, value);
                }
            }
        }
    }

    private Optional<String> column(Table table) throws SQLException {
        Optional<String> known = columns.get(table);
        if (known == null) {
            known = Counters.read(server, table).map(Counters.Counter::column);
            columns.put(table, known);
        }
        return known;
    }

    /** Of a FLOAT or DOUBLE, which may have counters too, the part that counts. */
    private void add(Table table, ColumnValue value) {
        if (!value.isNull()) {
            BigInteger number = new BigDecimal(value.exact()).toBigInteger();
            highest.merge(table, number, BigInteger::max);
        }
    }
}

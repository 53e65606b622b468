package io.regent.replicator.apply;

import io.regent.replicator.apply.ApplyException.Remedy;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.rows.TableMapReader;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Compares each table, as the source describes it, with the target's own, before a row of it is applied.
 *
 * <p>A comparison holds for one second: a column that somebody moves at the target behind our back is seen within that
 * time, and at once when the link starts. A definition that the link itself carries ends all comparisons. Used by one
 * thread.
 */
public final class TableCheck implements AutoCloseable {
    private static final int TABLE_ID_BYTES = 6;
    private static final long VALID_NANOS = Duration.ofSeconds(1).toNanos();

    private final Connection connection;
    private final TargetTables tables;
    private final LongSupplier nanoTime;
    private final Map<ByteBuffer, Long> compared = new HashMap<>();

    private TableCheck(Connection connection, LongSupplier nanoTime) {
        this.connection = connection;
        this.tables = new TargetTables(connection);
        this.nanoTime = nanoTime;
    }

    /** Opens a session of its own at the target. */
    public static TableCheck open(Sessions target, LongSupplier nanoTime) throws SQLException {
        Connection connection = target.open();
        SessionVariables.setIfKnown(connection, "show_gipk_in_create_table_and_information_schema=ON");
        return new TableCheck(connection, nanoTime);
    }

    /**
     * Compares all tables whose rows a transaction changes.
     *
     * @throws ApplyException with {@link Remedy#STOP} and every difference, if one differs
     */
    public void require(SourceTransaction transaction) throws ApplyException {
        List<BinlogEvent> maps = transaction.tableMaps().distinct().toList();
        for (BinlogEvent map : maps) {
            // The id changes with every opening of the table at the source; what follows it describes the table.
            ByteBuffer body = map.body();
            ByteBuffer key = body.slice(TABLE_ID_BYTES, body.limit() - TABLE_ID_BYTES);
            Long at = compared.get(key);
            if (at == null || nanoTime.getAsLong() - at > VALID_NANOS) {
                compare(transaction, TableMapReader.read(map));
                compared.put(key, nanoTime.getAsLong());
            }
        }
    }

    /** Forgets all comparisons: a definition has run. */
    public void forget() {
        compared.clear();
    }

    private void compare(SourceTransaction transaction, TableDescription source) throws ApplyException {
        Gtid gtid = transaction.gtid();
        Optional<TableDescription> target;
        String engine;
        try {
            target = tables.describe(source.schema(), source.table());
            engine = tables.engine(source.schema(), source.table());
        } catch (SQLException e) {
            throw new ApplyException(
                    gtid, ApplyFailures.remedy(e), "the target's catalogue can't be read: " + MysqlErrors.line(e), e);
        }
        List<String> differences = target.map(source::differencesTo)
                .orElse(List.of("the target has no such table, or the apply account no right on it"));
        if (differences.isEmpty() && !engine.equalsIgnoreCase("InnoDB")) {
            throw stopped(
                    transaction,
                    source,
                    gtid + " changes rows of " + source.name() + ", whose engine at the target is " + engine
                            + ": without transactions a row can't be applied exactly once. ALTER TABLE ..."
                            + " ENGINE=InnoDB in all regions (sql_log_bin=0), then start the link again (a coordinator does so by itself)");
        }
        if (!differences.isEmpty()) {
            throw stopped(
                    transaction,
                    source,
                    gtid + " changes rows of " + source.name() + ", which differs: " + String.join("; ", differences)
                            + ". Make the tables equal (sql_log_bin=0 at the wrong one), then start the link again (a coordinator does so by itself)");
        }
    }

    /** No row is at fault: the first of that table is shown. */
    private static ApplyException stopped(SourceTransaction transaction, TableDescription source, String why) {
        StopReport report = new Contents(transaction)
                .report(0, why, Optional.empty(), table -> table.name().equals(source.name()));
        return ApplyException.stopped(transaction.gtid(), why, null, report);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

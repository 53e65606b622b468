package io.regent.replicator.stranded;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.RowsReader;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.rows.TableMapReader;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Step;
import io.regent.replicator.transaction.UncarriableException;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A transaction outside history, with all that undoing or releasing it needs.
 *
 * @param gtid its identity
 * @param order its place in the binlog of the server it was read from: the later one has the greater number
 * @param committedMicros when its origin committed it, in microseconds since 1970
 * @param serverVersion version of its origin as a number, e.g. 80033
 * @param format layout of its row events; none if it could not be read whole
 * @param rows its changes of rows, in order
 * @param statements its definitions as text, in order
 * @param obstacle why it can't be rewound; none if it can, as far as it tells by itself
 * @param base what its server had executed before it, void and stranded transactions too; empty if that is not known
 */
public record StrandedTransaction(
        Gtid gtid,
        long order,
        long committedMicros,
        int serverVersion,
        Optional<FormatDescription> format,
        List<RowsStatement> rows,
        List<String> statements,
        Optional<String> obstacle,
        GtidSet base) {

    public StrandedTransaction {
        rows = List.copyOf(rows);
        statements = List.copyOf(statements);
    }

    /** One of which is not known what it was written upon. */
    public StrandedTransaction(
            Gtid gtid,
            long order,
            long committedMicros,
            int serverVersion,
            Optional<FormatDescription> format,
            List<RowsStatement> rows,
            List<String> statements,
            Optional<String> obstacle) {
        this(gtid, order, committedMicros, serverVersion, format, rows, statements, obstacle, GtidSet.EMPTY);
    }

    /** What could not be read whole. */
    static StrandedTransaction unread(Gtid gtid, long order, String obstacle) {
        return new StrandedTransaction(
                gtid, order, 0, 0, Optional.empty(), List.of(), List.of(), Optional.of(obstacle));
    }

    /** The same with an obstacle, unless it has one. */
    StrandedTransaction withObstacle(Optional<String> found) {
        return new StrandedTransaction(
                gtid, order, committedMicros, serverVersion, format, rows, statements, obstacle.or(() -> found), base);
    }

    /** The same, written upon that. */
    StrandedTransaction withBase(GtidSet known) {
        return new StrandedTransaction(
                gtid, order, committedMicros, serverVersion, format, rows, statements, obstacle, known);
    }

    /**
     * Its rows as a transaction that a server's tables can be compared with.
     *
     * @throws java.util.NoSuchElementException if it could not be read whole
     */
    public SourceTransaction asSource() {
        return new SourceTransaction(
                gtid,
                new SourceTransaction.Clock(0, 0, 0),
                committedMicros,
                serverVersion,
                format.orElseThrow(),
                rows.stream().map(changed -> (Step) new Step.Rows(changed)).toList(),
                size());
    }

    /** Whether it changes nothing that Regent carries between regions (an ANALYZE, a GRANT). */
    public boolean isEmpty() {
        return rows.isEmpty() && statements.isEmpty() && obstacle.isEmpty();
    }

    /** Its row changes in order, decoded, for people; those that can't be (then there is an obstacle) are left out. */
    public List<RowChange> changes() {
        List<RowChange> all = new ArrayList<>();
        for (RowsStatement statement : rows) {
            try {
                all.addAll(changes(statement));
            } catch (UncarriableException | MalformedEventException e) {
                if (obstacle.isEmpty()) {
                    throw e;
                }
            }
        }
        return all;
    }

    /**
     * Its row changes in order, decoded, all of them.
     *
     * @throws UncarriableException if they do not hold whole rows
     * @throws MalformedEventException if they can't be read at all
     */
    public List<RowChange> allChanges() {
        return rows.stream().flatMap(statement -> changes(statement).stream()).toList();
    }

    /**
     * The row changes of one statement, in order.
     *
     * @throws UncarriableException if they do not hold whole rows
     * @throws MalformedEventException if they can't be read at all
     */
    public static List<RowChange> changes(RowsStatement statement) {
        Map<Long, TableDescription> tables = tables(statement);
        List<RowChange> all = new ArrayList<>();
        for (BinlogEvent event : statement.rows()) {
            TableDescription table = Objects.requireNonNull(tables.get(RowsEvents.tableId(event)));
            all.addAll(RowsReader.read(event, table));
        }
        return all;
    }

    /** The statement's tables by their ids. */
    public static Map<Long, TableDescription> tables(RowsStatement statement) {
        Map<Long, TableDescription> tables = new HashMap<>();
        statement.tables().forEach(map -> tables.put(RowsEvents.tableId(map), TableMapReader.read(map)));
        return tables;
    }

    /** Bytes of its events. */
    public long size() {
        return rows.stream().mapToLong(RowsStatement::size).sum();
    }

    /** For messages: identity, and whether it can be undone. */
    @Override
    public String toString() {
        return gtid + obstacle.map(why -> " (" + why + ")").orElse("");
    }
}

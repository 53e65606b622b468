package io.regent.replicator.stranded.rewind;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.RowsReader;
import io.regent.replicator.rows.RowsWriter;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Row events turned round: what was inserted is deleted, what was deleted is inserted, images are swapped, and
 * everything comes in reverse order, the rows inside an event too, since one may stand where another stood before.
 */
final class Inversion {
    private Inversion() {}

    /**
     * The statement that undoes this one.
     *
     * @throws io.regent.replicator.transaction.UncarriableException if its images are not whole
     */
    static RowsStatement of(RowsStatement statement) {
        Map<Long, TableDescription> tables = StrandedTransaction.tables(statement);
        List<BinlogEvent> inverted = new ArrayList<>();
        for (int i = statement.rows().size() - 1; i >= 0; i--) {
            BinlogEvent event = statement.rows().get(i);
            TableDescription table = Objects.requireNonNull(tables.get(RowsEvents.tableId(event)));
            BinlogEvent undone = inverted(event, RowsReader.read(event, table));
            inverted.add(RowsEvents.withStatementEnd(undone, i == 0));
        }
        return new RowsStatement(statement.tables(), inverted);
    }

    /** The same change, as it was, in statements of one event each, the last first. */
    static List<RowsStatement> eventsFromTheLast(RowsStatement statement) {
        return reversed(RowsWriter.events(statement));
    }

    /** The same change of one event in statements of one row each, the last first. */
    static List<RowsStatement> rowsFromTheLast(RowsStatement event) {
        return reversed(RowsWriter.rows(event, StrandedTransaction.changes(event)));
    }

    private static List<RowsStatement> reversed(List<RowsStatement> parts) {
        List<RowsStatement> all = new ArrayList<>(parts);
        Collections.reverse(all);
        return all;
    }

    private static BinlogEvent inverted(BinlogEvent event, List<RowChange> rows) {
        List<ByteBuffer> images = new ArrayList<>();
        for (int i = rows.size() - 1; i >= 0; i--) {
            images.add(rows.get(i).rawAfter());
            images.add(rows.get(i).rawBefore());
        }
        return RowsWriter.withImages(event, rows, typeOf(event.type()), images);
    }

    private static int typeOf(int type) {
        return switch (type) {
            case EventType.WRITE_ROWS -> EventType.DELETE_ROWS;
            case EventType.DELETE_ROWS -> EventType.WRITE_ROWS;
            default -> type;
        };
    }
}

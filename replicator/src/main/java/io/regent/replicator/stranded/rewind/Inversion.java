package io.regent.replicator.stranded.rewind;

import io.regent.replicator.rows.RowChange;
import io.regent.replicator.rows.RowsReader;
import io.regent.replicator.rows.TableDescription;
import io.regent.replicator.stranded.StrandedTransaction;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Row events turned round: what was inserted is deleted, what was deleted is inserted, images are swapped, and
 * everything comes in reverse order, the rows inside an event too, since one may stand where another stood before.
 */
final class Inversion {
    private static final int EXTRA_AT = 8;

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
        List<RowsStatement> parts = new ArrayList<>();
        for (int i = statement.rows().size() - 1; i >= 0; i--) {
            parts.add(alone(statement, statement.rows().get(i)));
        }
        return parts;
    }

    /** The same change of one event in statements of one row each, the last first. */
    static List<RowsStatement> rowsFromTheLast(RowsStatement event) {
        BinlogEvent whole = event.rows().get(0);
        List<RowChange> rows = StrandedTransaction.changes(event);
        List<RowsStatement> parts = new ArrayList<>();
        for (int i = rows.size() - 1; i >= 0; i--) {
            ByteBuffer body = begun(
                    whole,
                    rows,
                    rows.get(i).rawBefore().remaining() + rows.get(i).rawAfter().remaining());
            body.put(rows.get(i).rawBefore().duplicate());
            body.put(rows.get(i).rawAfter().duplicate());
            parts.add(alone(event, whole.withTypeAndBody(whole.type(), body.flip())));
        }
        return parts;
    }

    private static RowsStatement alone(RowsStatement statement, BinlogEvent event) {
        return new RowsStatement(statement.tables(), List.of(RowsEvents.withStatementEnd(event, true)));
    }

    private static BinlogEvent inverted(BinlogEvent event, List<RowChange> rows) {
        ByteBuffer body = begun(event, rows, event.body().limit());
        for (int i = rows.size() - 1; i >= 0; i--) {
            body.put(rows.get(i).rawAfter().duplicate());
            body.put(rows.get(i).rawBefore().duplicate());
        }
        return event.withTypeAndBody(typeOf(event.type()), body.flip());
    }

    /**
     * Table id and flags, no extra data (the partition a row came from does not matter to who finds it by its value),
     * the columns, which are the same in both images; the rows come behind.
     */
    private static ByteBuffer begun(BinlogEvent event, List<RowChange> rows, int room) {
        ByteBuffer old = event.body();
        int bytesOfRows = rows.stream()
                .mapToInt(row -> row.rawBefore().remaining() + row.rawAfter().remaining())
                .sum();
        int columnsAt = EXTRA_AT + (old.getShort(EXTRA_AT) & 0xffff);
        int rowsAt = old.limit() - bytesOfRows;
        ByteBuffer body = ByteBuffer.allocate(rowsAt + room).order(ByteOrder.LITTLE_ENDIAN);
        body.put(old.slice(0, EXTRA_AT));
        body.putShort((short) Short.BYTES);
        return body.put(old.slice(columnsAt, rowsAt - columnsAt));
    }

    private static int typeOf(int type) {
        return switch (type) {
            case EventType.WRITE_ROWS -> EventType.DELETE_ROWS;
            case EventType.DELETE_ROWS -> EventType.WRITE_ROWS;
            default -> type;
        };
    }
}

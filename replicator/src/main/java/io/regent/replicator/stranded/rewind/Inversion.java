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

    /**
     * Table id and flags, no extra data (the partition a row came from does not matter to who finds it by its value),
     * the columns, which are the same in both images, then the rows.
     */
    private static BinlogEvent inverted(BinlogEvent event, List<RowChange> rows) {
        ByteBuffer old = event.body();
        int bytesOfRows = rows.stream()
                .mapToInt(row -> row.rawBefore().remaining() + row.rawAfter().remaining())
                .sum();
        int columnsAt = EXTRA_AT + (old.getShort(EXTRA_AT) & 0xffff);
        int rowsAt = old.limit() - bytesOfRows;
        ByteBuffer body = ByteBuffer.allocate(old.limit()).order(ByteOrder.LITTLE_ENDIAN);
        body.put(old.slice(0, EXTRA_AT));
        body.putShort((short) Short.BYTES);
        body.put(old.slice(columnsAt, rowsAt - columnsAt));
        for (int i = rows.size() - 1; i >= 0; i--) {
            body.put(rows.get(i).rawAfter().duplicate());
            body.put(rows.get(i).rawBefore().duplicate());
        }
        return event.withTypeAndBody(typeOf(event.type()), body.flip());
    }

    private static int typeOf(int type) {
        return switch (type) {
            case EventType.WRITE_ROWS -> EventType.DELETE_ROWS;
            case EventType.DELETE_ROWS -> EventType.WRITE_ROWS;
            default -> type;
        };
    }
}

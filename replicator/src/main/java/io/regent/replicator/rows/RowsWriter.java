package io.regent.replicator.rows;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes row events anew from the rows that {@link RowsReader} read of them. */
public final class RowsWriter {
    private static final int EXTRA_AT = 8;

    private RowsWriter() {}

    /**
     * An event of the same table, flags and columns with other images.
     *
     * @param rows all rows of the event
     * @param type of the new event
     * @param images what it holds, in order
     */
    public static BinlogEvent withImages(BinlogEvent event, List<RowChange> rows, int type, List<ByteBuffer> images) {
        int room = images.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer body = begun(event, rows, room);
        images.forEach(image -> body.put(image.duplicate()));
        return event.withTypeAndBody(type, body.flip());
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

    /** The same change in statements of one event each, in order. */
    public static List<RowsStatement> events(RowsStatement statement) {
        return statement.rows().stream().map(event -> alone(statement, event)).toList();
    }

    /**
     * The same change of one event in statements of one row each, in order.
     *
     * @param event a statement of one event
     * @param rows its rows
     */
    public static List<RowsStatement> rows(RowsStatement event, List<RowChange> rows) {
        BinlogEvent whole = event.rows().get(0);
        List<RowsStatement> parts = new ArrayList<>();
        for (RowChange row : rows) {
            List<ByteBuffer> images = List.of(row.rawBefore(), row.rawAfter());
            parts.add(alone(event, withImages(whole, rows, whole.type(), images)));
        }
        return parts;
    }

    private static RowsStatement alone(RowsStatement statement, BinlogEvent event) {
        return new RowsStatement(statement.tables(), List.of(RowsEvents.withStatementEnd(event, true)));
    }
}

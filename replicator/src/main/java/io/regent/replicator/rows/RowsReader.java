package io.regent.replicator.rows;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.PackedInteger;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.UncarriableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads the rows of a WRITE, UPDATE or DELETE event, version 2 (MySQL source, {@code Rows_event}). */
public final class RowsReader {
    private static final int EXTRA_AT = 8;

    private final TableDescription table;
    private final RowChange.Kind kind;
    private final boolean tellsCascades;
    private final ByteBuffer in;

    private RowsReader(TableDescription table, RowChange.Kind kind, BinlogEvent event) {
        this.table = table;
        this.kind = kind;
        this.tellsCascades = RowsEvents.tellsCascades(event);
        this.in = event.body();
    }

    /**
     * Reads every row, in order.
     *
     * @param table what the event's TABLE_MAP says
     * @throws UncarriableException if the images are not full: partial JSON, or {@code binlog_row_image} not FULL
     * @throws MalformedEventException if the event is no row event of this table
     */
    public static List<RowChange> read(BinlogEvent event, TableDescription table) {
        try {
            RowsReader reader = new RowsReader(table, kind(event, table), event);
            reader.passHeader();
            List<RowChange> rows = new ArrayList<>();
            while (reader.in.hasRemaining()) {
                rows.add(reader.row());
            }
            return rows;
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException e) {
            throw new MalformedEventException(
                    "rows of " + table.name() + " in a " + event.typeName() + " event can't be read: " + e);
        }
    }

    private static RowChange.Kind kind(BinlogEvent event, TableDescription table) {
        return switch (event.type()) {
            case EventType.WRITE_ROWS -> RowChange.Kind.INSERT;
            case EventType.UPDATE_ROWS -> RowChange.Kind.UPDATE;
            case EventType.DELETE_ROWS -> RowChange.Kind.DELETE;
            case EventType.PARTIAL_UPDATE_ROWS ->
                throw new UncarriableException("an update of " + table.name()
                        + " holds only parts of a JSON value (binlog_row_value_options=PARTIAL_JSON)");
            default -> throw new MalformedEventException(event + " holds no rows");
        };
    }

    private void passHeader() {
        in.position(EXTRA_AT);
        in.position(EXTRA_AT + (in.getShort() & 0xffff));
        int columns = (int) PackedInteger.read(in);
        if (columns != table.columns().size()) {
            throw new MalformedEventException("rows of " + columns + " columns, "
                    + table.columns().size() + " in the TABLE_MAP of " + table.name());
        }
        for (int images = kind == RowChange.Kind.UPDATE ? 2 : 1; images > 0; images--) {
            requireAll(columns);
        }
    }

    private void requireAll(int columns) {
        byte[] present = new byte[(columns + 7) / 8];
        in.get(present);
        for (int i = 0; i < columns; i++) {
            if ((present[i / 8] & (1 << (i % 8))) == 0) {
                throw new UncarriableException("rows of " + table.name() + " come without their column "
                        + table.columns().get(i).name() + ": SET PERSIST binlog_row_image=FULL at the source");
            }
        }
    }

    private RowChange row() {
        ByteBuffer none = ByteBuffer.allocate(0).asReadOnlyBuffer();
        List<ColumnValue> before = new ArrayList<>();
        List<ColumnValue> after = new ArrayList<>();
        ByteBuffer rawBefore = kind == RowChange.Kind.INSERT ? none : image(before);
        ByteBuffer rawAfter = kind == RowChange.Kind.DELETE ? none : image(after);
        return new RowChange(table, kind, before, after, rawBefore, rawAfter, tellsCascades);
    }

    private ByteBuffer image(List<ColumnValue> values) {
        int start = in.position();
        int columns = table.columns().size();
        byte[] nulls = new byte[(columns + 7) / 8];
        in.get(nulls);
        for (int i = 0; i < columns; i++) {
            boolean isNull = (nulls[i / 8] & (1 << (i % 8))) != 0;
            values.add(
                    isNull ? ColumnValue.NULL : ValueReader.read(table.columns().get(i), in));
        }
        return in.slice(start, in.position() - start).order(ByteOrder.LITTLE_ENDIAN);
    }
}

package io.regent.replicator.transaction;

import java.util.List;

/**
 * The rows of one statement at the origin, complete: the descriptions of its tables, then its row events, of which the
 * last ends the statement and no other does.
 *
 * <p>That form is checked here, once, because MySQL does not: rows without their table's description are answered with
 * OK and dropped, and rows without an end of statement crash the target (both tried on 8.0.33).
 *
 * @param tables TABLE_MAP events
 * @param rows row events, at least one
 */
public record RowsStatement(List<BinlogEvent> tables, List<BinlogEvent> rows) {
    public RowsStatement {
        tables = List.copyOf(tables);
        rows = List.copyOf(rows);
        requireWhole(tables, rows);
    }

    private static void requireWhole(List<BinlogEvent> tables, List<BinlogEvent> rows) {
        if (rows.isEmpty()) {
            throw new MalformedEventException("a statement of " + tables.size() + " tables has no rows");
        }
        for (BinlogEvent event : rows) {
            long table = RowsEvents.tableId(event);
            if (tables.stream().noneMatch(map -> RowsEvents.tableId(map) == table)) {
                throw new MalformedEventException(event + " for table id " + table + " without its TABLE_MAP");
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            if (RowsEvents.endsStatement(rows.get(i)) != (i == rows.size() - 1)) {
                throw new MalformedEventException(
                        "end of statement missing or misplaced at row event " + (i + 1) + " of " + rows.size());
            }
        }
    }

    /** Bytes of all its events. */
    public long size() {
        return tables.stream().mapToLong(BinlogEvent::size).sum()
                + rows.stream().mapToLong(BinlogEvent::size).sum();
    }
}

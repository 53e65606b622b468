package io.regent.replicator.apply;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Row events as MySQL's own {@code BINLOG '...'} statements.
 *
 * <p>Every statement made here carries the descriptions of its tables and ends with its only end of statement; a
 * {@link RowsStatement} that breaks this cannot be made. Statements of one transaction are folded into one, where that
 * changes nothing: the fewer packets, the faster.
 */
public final class BinlogStatements {
    private final int limitBytes;

    /**
     * Makes statements of at most so many bytes of events (a single larger event goes alone).
     *
     * @param maxAllowedPacket the target's {@code max_allowed_packet}
     */
    public BinlogStatements(long maxAllowedPacket) {
        this.limitBytes = (int) Math.min(16L << 20, (maxAllowedPacket - 4096) / 4 * 3 - 4096);
    }

    /** The statement that tells a session how the events behind it are laid out. */
    public static String ofFormat(BinlogEvent formatDescription) {
        return statement(List.of(formatDescription));
    }

    /** The statements that apply these changes, in order. */
    public List<String> of(List<RowsStatement> changes) {
        List<String> statements = new ArrayList<>();
        Fold fold = new Fold();
        for (RowsStatement change : changes) {
            if (!fold.takes(change)) {
                statements.add(fold.finish());
                fold = new Fold();
            }
            if (change.size() > limitBytes) {
                statements.addAll(chunks(change));
            } else {
                fold.add(change);
            }
        }
        statements.add(fold.finish());
        return statements.stream().filter(text -> !text.isEmpty()).toList();
    }

    /** One large statement cut into several, each with all table descriptions and an end of its own. */
    private List<String> chunks(RowsStatement change) {
        List<String> statements = new ArrayList<>();
        List<BinlogEvent> chunk = new ArrayList<>();
        long size = 0;
        for (BinlogEvent rows : change.rows()) {
            if (!chunk.isEmpty() && size + rows.size() > limitBytes) {
                statements.add(whole(change.tables(), chunk));
                chunk.clear();
                size = 0;
            }
            chunk.add(rows);
            size += rows.size();
        }
        statements.add(whole(change.tables(), chunk));
        return statements;
    }

    private static String whole(List<BinlogEvent> tables, List<BinlogEvent> rows) {
        List<BinlogEvent> ended = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            ended.add(RowsEvents.withStatementEnd(rows.get(i), i == rows.size() - 1));
        }
        RowsStatement checked = new RowsStatement(tables, ended);
        List<BinlogEvent> events = new ArrayList<>(checked.tables());
        events.addAll(checked.rows());
        return statement(events);
    }

    private static String statement(List<BinlogEvent> events) {
        byte[] bytes = new byte[events.stream().mapToInt(BinlogEvent::size).sum()];
        int at = 0;
        for (BinlogEvent event : events) {
            event.copyTo(bytes, at);
            at += event.size();
        }
        return "BINLOG '" + new String(Base64.getEncoder().encode(bytes), StandardCharsets.ISO_8859_1) + "'";
    }

    /** Statements on their way into one. */
    private final class Fold {
        private final Map<Long, BinlogEvent> tables = new LinkedHashMap<>();
        private final List<BinlogEvent> rows = new ArrayList<>();
        private long size;
        private @Nullable Integer flags;

        boolean takes(RowsStatement change) {
            return rows.isEmpty()
                    || (size + change.size() <= limitBytes
                            && Objects.equals(flags, flagsOf(change))
                            && change.tables().stream().allMatch(this::knowsSame));
        }

        /** A table that was redefined inside the transaction keeps its own statement. */
        private boolean knowsSame(BinlogEvent table) {
            BinlogEvent known = tables.get(RowsEvents.tableId(table));
            return known == null || known.body().equals(table.body());
        }

        void add(RowsStatement change) {
            change.tables().forEach(table -> tables.putIfAbsent(RowsEvents.tableId(table), table));
            rows.addAll(change.rows());
            size += change.size();
            flags = flagsOf(change);
        }

        /** The flags that all row events share, or none that would: then they stay alone. */
        private @Nullable Integer flagsOf(RowsStatement change) {
            List<Integer> all = change.rows().stream()
                    .map(RowsEvents::statementFlags)
                    .distinct()
                    .toList();
            return all.size() == 1 ? all.get(0) : null;
        }

        String finish() {
            return rows.isEmpty() ? "" : whole(List.copyOf(tables.values()), rows);
        }
    }
}

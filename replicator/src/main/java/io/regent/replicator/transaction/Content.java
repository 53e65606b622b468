package io.regent.replicator.transaction;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a transaction as it arrives: in memory, until there is much of it; then the rows that are there go to a
 * file, again and again, and memory holds where they lie. A statement that is still arriving is cut for that. Used by one
 * thread.
 */
final class Content implements AutoCloseable {
    private final Spilling spilling;
    private final List<Step> steps = new ArrayList<>();
    private final List<BinlogEvent> tables = new ArrayList<>();
    private final List<BinlogEvent> rows = new ArrayList<>();
    /** Tables met in the file's parts, by description: one that changes a million times is kept once. */
    private final Map<ByteBuffer, BinlogEvent> known = new HashMap<>();

    private @Nullable SpillFile file;
    /** How many steps are not in memory any more, or never take much of it. */
    private int settled;
    /** Bytes of events since then. */
    private long held;

    private long size;

    Content(Spilling spilling) {
        this.spilling = spilling;
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Bytes of all its events. */
    long size() {
        return size;
    }

    void table(BinlogEvent event) {
        tables.add(event);
        count(event);
    }

    /** Takes rows; true if the statement is whole with them: then it is to be taken. */
    boolean rows(BinlogEvent event) {
        rows.add(event);
        count(event);
        return RowsEvents.endsStatement(event);
    }

    private void count(BinlogEvent event) {
        size += event.size();
        held += event.size();
        if (size > spilling.mostBytes()) {
            throw new UncarriableException("a transaction has, unpacked, more than the "
                    + (spilling.mostBytes() >> 20)
                    + " MiB that are looked at in memory (REGENT_JAVA_OPTS=-Xmx...)");
        }
    }

    /**
     * Takes the statement that has just ended out; it is kept only if it is added.
     *
     * @throws MalformedEventException if it is not whole
     */
    RowsStatement take() {
        RowsStatement whole = new RowsStatement(tables, rows);
        tables.clear();
        rows.clear();
        return whole;
    }

    void add(RowsStatement statement) {
        steps.add(new Step.Rows(statement));
    }

    void statement(QueryEvent query, StatementKind kind, long bytes) {
        steps.add(new Step.Statement(query, kind));
        size += bytes;
        held += bytes;
    }

    boolean isInsideStatement() {
        return !rows.isEmpty() || !tables.isEmpty();
    }

    /**
     * Makes room, if much is in memory.
     *
     * @throws java.io.UncheckedIOException if the file can't be made or written
     */
    void spill() {
        if (held <= spilling.partBytes()) {
            return;
        }
        cut();
        List<Step> waiting = List.copyOf(steps.subList(settled, steps.size()));
        steps.subList(settled, steps.size()).clear();
        List<RowsStatement> changes = new ArrayList<>();
        for (Step step : waiting) {
            if (step instanceof Step.Rows change) {
                changes.add(change.statement());
            } else {
                write(changes);
                steps.add(step);
            }
        }
        write(changes);
        settled = steps.size();
        held = tables.stream().mapToLong(BinlogEvent::size).sum();
    }

    /** The rows that are there become a statement; those that follow are another, of the same tables. */
    private void cut() {
        if (rows.isEmpty()) {
            return;
        }
        int last = rows.size() - 1;
        rows.set(last, RowsEvents.withStatementEnd(rows.get(last), true));
        steps.add(new Step.Rows(new RowsStatement(tables, rows)));
        rows.clear();
    }

    private void write(List<RowsStatement> changes) {
        if (changes.isEmpty()) {
            return;
        }
        SpillFile to = file == null ? SpillFile.in(spilling.directory()) : file;
        file = to;
        List<BinlogEvent> described = changes.stream()
                .flatMap(change -> change.tables().stream())
                .map(table -> known.computeIfAbsent(table.body(), body -> table))
                .distinct()
                .toList();
        steps.add(new Step.Spilled(to.add(changes), described));
        changes.clear();
    }

    List<Step> steps() {
        return steps;
    }

    /** Nobody will want it: its file is dropped. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}

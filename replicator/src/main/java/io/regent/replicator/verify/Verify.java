package io.regent.replicator.verify;

import io.regent.replicator.verify.VerifyReport.DefinitionDifference;
import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.replicator.verify.table.TableName;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compares regions exactly: their definitions, and every row of every table byte by byte (JSON as the text that the
 * server prints of it), while they may be written to.
 *
 * <p>It reads in consistent snapshots and changes nothing. What differs is read again after every region has executed
 * what any had executed; only what stays different counts.
 */
public final class Verify {
    /** Most rows that are read in one snapshot, unless others are asked for. */
    public static final int CHUNK_ROWS = 20_000;

    private final Map<String, Sessions> regions;
    private final Duration patience;
    private final int chunkRows;

    /**
     * A comparison, not yet begun.
     *
     * @param regions name to sessions as the OBSERVE account, at least two; the report keeps their order
     * @param patience longest wait for the regions to catch up with each other, and longest time spent on looking again
     *     at the differences of one range of a table
     * @throws IllegalArgumentException with fewer than two regions
     */
    public Verify(Map<String, Sessions> regions, Duration patience) {
        this(regions, patience, CHUNK_ROWS);
    }

    /**
     * A comparison, not yet begun, that reads so much at a time.
     *
     * @param regions name to sessions as the OBSERVE account, at least two; the report keeps their order
     * @param patience longest wait for the regions to catch up with each other, and longest time spent on looking again
     *     at the differences of one range of a table
     * @param chunkRows most rows that are read in one snapshot, at least 1; fewer are gentler to the servers, and slower
     * @throws IllegalArgumentException with fewer than two regions or one row
     */
    public Verify(Map<String, Sessions> regions, Duration patience, int chunkRows) {
        if (chunkRows < 1) {
            throw new IllegalArgumentException("at least 1 row at a time, not " + chunkRows);
        }
        if (regions.size() < 2) {
            throw new IllegalArgumentException("at least two regions are compared: " + regions.keySet());
        }
        this.regions = new LinkedHashMap<>(regions);
        this.patience = patience;
        this.chunkRows = chunkRows;
    }

    /**
     * Compares everything once. Takes as long as each server needs to read every table. A table without a primary key, or with
     * one that cannot be cut into ranges, is read in one snapshot.
     *
     * @param progress is told in a line what was just compared, and every few seconds how far it is in a table
     * @throws SQLException if a region cannot be read; nothing is known then
     */
    public VerifyReport run(Consumer<String> progress) throws SQLException {
        try (Barrier barrier = Barrier.open(regions, patience);
                Regions opened = Regions.open(regions)) {
            return compare(opened, barrier, progress);
        }
    }

    /**
     * Compares the definitions alone.
     *
     * @return what is not the same everywhere
     * @throws SQLException if a region cannot be read; nothing is known then
     */
    public List<DefinitionDifference> definitions() throws SQLException {
        try (Barrier barrier = Barrier.open(regions, patience);
                Regions opened = Regions.open(regions)) {
            barrier.await();
            return new DefinitionCheck(opened.all(), barrier).run(patience);
        }
    }

    private VerifyReport compare(Regions sessions, Barrier barrier, Consumer<String> progress) throws SQLException {
        barrier.await();
        DefinitionCheck definitionCheck = new DefinitionCheck(sessions.all(), barrier);
        List<DefinitionDifference> definitions = definitionCheck.run(patience);
        progress.accept("definitions: " + definitions.size() + " differ");
        RowCheck rowCheck = new RowCheck(sessions, barrier, new TableScan.Manner(patience, chunkRows, progress));
        List<TableReport> tables = new ArrayList<>();
        for (TableName table : definitionCheck.commonTables()) {
            Optional<TableReport> report = rowCheck.run(table);
            report.ifPresent(tables::add);
            report.ifPresent(done -> progress.accept(
                    "%s: %d rows, %s".formatted(table, done.rows(), done.isEqual() ? "equal" : "NOT EQUAL")));
        }
        barrier.await();
        return new VerifyReport(List.copyOf(regions.keySet()), tables, definitions, barrier.missing());
    }
}

package io.regent.replicator.verify;

import io.regent.replicator.verify.VerifyReport.RegionRow;
import io.regent.replicator.verify.VerifyReport.RowDifference;
import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the rows of tables, one table at a time. */
final class RowCheck {
    static final int MOST_DIFFERENCES = 1000;

    private static final int UNKNOWN_COLUMN = 1054;
    private static final int UNKNOWN_DATABASE = 1049;
    private static final int DEFINITION_CHANGED = 1412;
    private static final int ATTEMPTS = 5;

    private final List<RegionSession> regions;
    private final Barrier barrier;
    private final Duration patience;

    RowCheck(List<RegionSession> regions, Barrier barrier, Duration patience) {
        this.regions = regions;
        this.barrier = barrier;
        this.patience = patience;
    }

    /** Compares one table; nothing if no region has it any more. */
    Optional<TableReport> run(TableName table) throws SQLException {
        String obstacle = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                barrier.await();
            }
            Set<Optional<TableShape>> shapes = shapes(table);
            if (shapes.size() > 1) {
                obstacle = "its columns or its primary key are not the same everywhere";
                continue;
            }
            Optional<TableShape> shape = shapes.iterator().next();
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(compare(new Scan(table, shape.get())));
            } catch (SQLException e) {
                if (!isOvertakenByDdl(e)) {
                    throw e;
                }
                obstacle = "its definition keeps changing: " + e.getMessage();
            }
        }
        return Optional.of(new TableReport(table.schema(), table.name(), 0, List.of(), 0, 0, obstacle));
    }

    private Set<Optional<TableShape>> shapes(TableName table) throws SQLException {
        Set<Optional<TableShape>> shapes = new HashSet<>();
        for (RegionSession region : regions) {
            shapes.add(TableShape.read(region.catalog(), table));
        }
        return shapes;
    }

    private static boolean isOvertakenByDdl(SQLException e) {
        return MysqlErrors.is(e, MysqlErrors.NO_SUCH_TABLE)
                || MysqlErrors.is(e, UNKNOWN_COLUMN)
                || MysqlErrors.is(e, UNKNOWN_DATABASE)
                || MysqlErrors.is(e, DEFINITION_CHANGED);
    }

    /** What a scan found. */
    private static final class Scan {
        private final TableName table;
        private final TableShape shape;
        private Suspects<RowKey, RowImage> suspects = new Suspects<>(RowImage.ABSENT);
        private final Map<RowKey, String> texts = new LinkedHashMap<>();
        private long rows;
        private long uncollected;

        Scan(TableName table, TableShape shape) {
            this.table = table;
            this.shape = shape;
        }

        void reset() {
            suspects = new Suspects<>(RowImage.ABSENT);
            texts.clear();
            rows = 0;
            uncollected = 0;
        }

        void take(RowKey key, Map<String, RowImage> found, RowImage sample) {
            rows++;
            RowImage first = found.values().iterator().next();
            if (found.values().stream().allMatch(first::equals)) {
                return;
            }
            if (suspects.size() >= MOST_DIFFERENCES) {
                uncollected++;
                return;
            }
            Map<String, RowImage> kept = new LinkedHashMap<>();
            found.forEach((region, image) -> kept.put(region, image.compact()));
            suspects.add(key, kept);
            texts.put(key, KeyText.of(shape, sample));
        }
    }

    private TableReport compare(Scan scan) throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            scan.reset();
            inSnapshot(ScanSql.all(scan.table, scan.shape), scan.shape, merge -> merge.forEach(scan::take));
            settle(scan);
            // With more suspects than could be kept, and innocents among those kept, the count says nothing.
            if (scan.uncollected == 0 || scan.suspects.acquitted() == 0) {
                break;
            }
        }
        return report(scan);
    }

    private void settle(Scan scan) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        Suspects<RowKey, RowImage> suspects = scan.suspects;
        while (!suspects.open().isEmpty()) {
            boolean together = barrier.await();
            String sql = ScanSql.only(scan.table, scan.shape, suspects.open());
            inSnapshot(sql, scan.shape, merge -> suspects.look(merge.byRegion(), !together));
            if (System.nanoTime() > deadline) {
                return;
            }
        }
    }

    /** Something done with open streams. */
    private interface Reading {
        void read(RowMerge merge) throws SQLException;
    }

    private void inSnapshot(String sql, TableShape shape, Reading reading) throws SQLException {
        try {
            for (RegionSession region : regions) {
                region.startSnapshot();
            }
            try (RowMerge merge = RowMerge.open(regions, sql, shape)) {
                reading.read(merge);
            }
        } finally {
            for (RegionSession region : regions) {
                region.endSnapshot();
            }
        }
    }

    private static TableReport report(Scan scan) {
        List<RowDifference> differences = new ArrayList<>();
        scan.suspects
                .convicted()
                .forEach((key, found) ->
                        differences.add(new RowDifference(scan.texts.getOrDefault(key, ""), rows(scan.shape, found))));
        return new TableReport(
                scan.table.schema(),
                scan.table.name(),
                scan.rows,
                differences,
                differences.size() + scan.uncollected,
                scan.suspects.open().size(),
                "");
    }

    private static Map<String, RegionRow> rows(TableShape shape, Map<String, RowImage> found) {
        RowImage first = found.values().stream()
                .filter(image -> image.copies() > 0)
                .findFirst()
                .orElse(RowImage.ABSENT);
        Map<String, RegionRow> rows = new LinkedHashMap<>();
        found.forEach((region, image) -> {
            List<String> changed = image.differing(first).stream()
                    .map(i -> shape.columns().get(i).name())
                    .toList();
            rows.put(region, new RegionRow(image.copies(), changed));
        });
        return rows;
    }
}

package io.regent.replicator.verify;

import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.replicator.verify.table.KeyRange;
import io.regent.replicator.verify.table.RangeSum;
import io.regent.replicator.verify.table.ScanSql;
import io.regent.replicator.verify.table.TableName;
import io.regent.replicator.verify.table.TableShape;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through a table range by range, each in a snapshot of its own. */
final class TableScan {
    /**
     * How it is gone about.
     *
     * @param patience longest time spent on looking again at the differences of one range
     * @param chunkRows most rows of a range
     * @param progress is told how far it is, now and then
     */
    record Manner(Duration patience, int chunkRows, Consumer<String> progress) {}

    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();
    // Text that is invalid in its charset, or a date that never was: stored, and refused where it stands in a
    // statement.
    private static final Set<Integer> NO_LITERAL = Set.of(1292, 1300, 1366, 1411, 1525, 3854);

    private final Regions regions;
    private final TableName table;
    private final TableShape shape;
    private final Manner manner;
    private final RangeCheck check;
    private final ScanSql sql;
    private final Findings findings;
    private final ChunkPace pace;
    private boolean trusted = true;
    private long toldNanos = System.nanoTime();

    TableScan(Regions regions, Barrier barrier, Manner manner, TableName table, TableShape shape) {
        this.regions = regions;
        this.table = table;
        this.shape = shape;
        this.manner = manner;
        this.sql = new ScanSql(table, shape);
        this.check = new RangeCheck(regions, barrier, manner.patience, sql);
        this.findings = new Findings(table, shape);
        this.pace = new ChunkPace(manner.chunkRows);
    }

    /**
     * Compares the table.
     *
     * @return nothing if a value of the key cannot stand in a statement, or a range did not have the rows that it was cut to have:
     *     the table has to be compared as a whole
     */
    @Nullable TableReport run() throws SQLException {
        KeyRange range = next(KeyRange.ALL);
        while (!range.isLast() && trusted) {
            tell();
            range = next(range.rest());
        }
        return trusted ? findings.report() : null;
    }

    /** Compares the first rows of what is left, and says which those were. */
    private KeyRange next(KeyRange left) throws SQLException {
        try {
            return compare(left, pace.rows());
        } catch (SQLException e) {
            if (shape.bounds().isEmpty() || !NO_LITERAL.contains(e.getErrorCode())) {
                throw e;
            }
            trusted = false;
            return left;
        }
    }

    private KeyRange compare(KeyRange left, int most) throws SQLException {
        Compared compared = new Compared(left);
        regions.inSnapshot(() -> {
            long began = System.nanoTime();
            if (!shape.bounds().isEmpty()) {
                compared.cut(most);
            }
            List<RangeSum> sums = check.sums(compared.range);
            pace.took(System.nanoTime() - began);
            trusted &= compared.isAsCut(sums, most);
            if (trusted && new HashSet<>(sums).size() > 1) {
                compared.differing = check.inspect(compared.range, findings);
            } else {
                findings.compared(sums.get(0).rows());
            }
        });
        if (compared.differing != null) {
            check.settle(compared.range, compared.differing, findings);
        }
        return compared.range;
    }

    /** One range, and by which region it was cut. */
    private final class Compared {
        private KeyRange range;
        private int cutBy = -1;
        private RangeCheck.@Nullable Inspection differing;

        Compared(KeyRange range) {
            this.range = range;
        }

        /** By the first region that has so many rows, so that what only a later one has is no single range. */
        void cut(int most) throws SQLException {
            for (int i = 0; i < regions.all().size(); i++) {
                List<byte[]> last = RangeSum.bound(regions.all().get(i).rows(), sql, range, most);
                if (last != null) {
                    range = range.upTo(last);
                    cutBy = i;
                    return;
                }
            }
        }

        /**
         * Whether it has the rows that it was cut to have: that order and comparison of the key are of one mind, without which rows
         * would be in no range. Exact, for both were asked in one snapshot.
         */
        boolean isAsCut(List<RangeSum> sums, int most) {
            if (shape.bounds().isEmpty()) {
                return true;
            }
            if (cutBy < 0) {
                return sums.stream().allMatch(sum -> sum.rows() < most);
            }
            long rows = sums.get(cutBy).rows();
            return shape.isCutExactly() ? rows == most : rows >= most;
        }
    }

    private void tell() throws SQLException {
        if (System.nanoTime() - toldNanos > PROGRESS_NANOS) {
            toldNanos = System.nanoTime();
            long about = TableShape.estimatedRows(regions.all().get(0).catalog(), table);
            manner.progress.accept("%s: %d rows so far%s"
                    .formatted(table, findings.rows(), about > findings.rows() ? " of about " + about : ""));
        }
    }
}

package io.regent.replicator.verify;

import io.regent.replicator.verify.table.KeyRange;
import io.regent.replicator.verify.table.RangeSum;
import io.regent.replicator.verify.table.RowImage;
import io.regent.replicator.verify.table.RowKey;
import io.regent.replicator.verify.table.RowMerge;
import io.regent.replicator.verify.table.RowText;
import io.regent.replicator.verify.table.ScanSql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of one range: by a sum that each server makes; where that differs, in the same snapshot, by a digest of each
 * row; where that differs, by the rows themselves, which are then looked at again until each is decided.
 */
final class RangeCheck {
    /** So many rows are looked at again at a time. */
    private static final int MOST_SUSPECTS = 1000;

    private final Regions regions;
    private final Barrier barrier;
    private final Duration patience;
    private final ScanSql sql;

    private Suspects<RowKey, RowImage> suspects = new Suspects<>(RowImage.ABSENT);
    private final Map<RowKey, String> texts = new HashMap<>();

    RangeCheck(Regions regions, Barrier barrier, Duration patience, ScanSql sql) {
        this.regions = regions;
        this.barrier = barrier;
        this.patience = patience;
        this.sql = sql;
    }

    /** What each region has in a range, in the order of the regions. To be asked within a snapshot. */
    List<RangeSum> sums(KeyRange range) throws SQLException {
        return regions.ask(region -> RangeSum.read(region.rows(), sql, range));
    }

    /**
     * Compares the rows of a range whose sums differ, first within the snapshot that they were made in.
     *
     * @param findings are told how many rows there are
     */
    Inspection inspect(KeyRange range, Findings findings) throws SQLException {
        Inspection inspection = inspect(range, null, findings);
        findings.compared(inspection.rows);
        if (inspection.last == null && inspection.more == 0) {
            findings.undecided(1); // an engine without snapshots, or one that has a key twice
        }
        return inspection;
    }

    private Inspection inspect(KeyRange range, @Nullable RowKey behind, Findings findings) throws SQLException {
        suspects = new Suspects<>(RowImage.ABSENT);
        texts.clear();
        Inspection inspection = new Inspection(behind, findings.isFull() ? 0 : MOST_SUSPECTS);
        try (RowMerge merge = RowMerge.open(regions.rows(), sql.digests(range), sql.shape())) {
            merge.forEach(inspection);
        }
        if (!inspection.keys.isEmpty()) {
            suspect(range, inspection.keys);
            findings.undecided(inspection.keys.size() - suspects.size()); // as above: never equal
        }
        return inspection;
    }

    /** The first rows that differ, behind those that are decided. */
    static final class Inspection implements RowMerge.Visitor {
        private final @Nullable RowKey behind;
        private final int most;
        private final Set<RowKey> keys = new HashSet<>();
        private @Nullable RowKey last;
        private long rows;
        private long more;

        private Inspection(@Nullable RowKey behind, int most) {
            this.behind = behind;
            this.most = most;
        }

        @Override
        public void row(RowKey key, Map<String, RowImage> found, RowImage sample) {
            rows += found.values().stream().mapToLong(RowImage::copies).max().orElse(0);
            RowImage first = found.values().iterator().next();
            if ((behind != null && key.compareTo(behind) <= 0)
                    || found.values().stream().allMatch(first::equals)) {
                return;
            }
            if (keys.size() < most) {
                keys.add(key);
                last = key;
            } else {
                more++;
            }
        }
    }

    private void suspect(KeyRange range, Set<RowKey> keys) throws SQLException {
        try (RowMerge merge = RowMerge.open(regions.rows(), sql.rows(range, keys), sql.shape())) {
            merge.forEach((key, found, sample) -> {
                suspects.add(key, new LinkedHashMap<>(found));
                texts.put(key, RowText.key(sql.shape(), sample));
            });
        }
    }

    /**
     * Looks at what {@link #inspect} found until it is decided, and at what else differs in the range then. Holds no snapshot
     * between two looks.
     *
     * @param findings are told of what differs for good
     */
    void settle(KeyRange range, Inspection first, Findings findings) throws SQLException {
        Inspection[] current = {first};
        while (current[0].last != null) {
            look(range);
            suspects.convicted().forEach((key, found) -> findings.differs(texts.getOrDefault(key, ""), found));
            findings.undecided(suspects.open().size());
            if (current[0].more == 0) {
                return;
            }
            barrier.await();
            regions.inSnapshot(() -> current[0] = inspect(range, current[0].last, findings));
        }
        findings.uncounted(current[0].more);
    }

    private void look(KeyRange range) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!suspects.open().isEmpty() && System.nanoTime() < deadline) {
            boolean together = barrier.awaitAnotherLook();
            List<RowKey> open = new ArrayList<>(suspects.open());
            regions.inSnapshot(() -> {
                try (RowMerge merge = RowMerge.open(regions.rows(), sql.rows(range, open), sql.shape())) {
                    suspects.look(merge.byRegion(), !together, barrier.isQuiet());
                }
            });
        }
    }
}

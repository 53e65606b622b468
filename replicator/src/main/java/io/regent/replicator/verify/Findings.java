package io.regent.replicator.verify;

import io.regent.replicator.verify.VerifyReport.RegionRow;
import io.regent.replicator.verify.VerifyReport.RowDifference;
import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.replicator.verify.table.RowImage;
import io.regent.replicator.verify.table.RowText;
import io.regent.replicator.verify.table.TableName;
import io.regent.replicator.verify.table.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What was found in one table so far. */
final class Findings {
    static final int MOST_DIFFERENCES = 1000;

    private final TableName table;
    private final TableShape shape;
    private final List<RowDifference> differences = new ArrayList<>();
    private long rows;
    private long total;
    private long undecided;

    Findings(TableName table, TableShape shape) {
        this.table = table;
        this.shape = shape;
    }

    long rows() {
        return rows;
    }

    /** Whether no more differences are listed. */
    boolean isFull() {
        return differences.size() >= MOST_DIFFERENCES;
    }

    void compared(long more) {
        rows += more;
    }

    void undecided(long more) {
        undecided += more;
    }

    /** So many that are not listed. */
    void uncounted(long more) {
        total += more;
    }

    /** One that stays. */
    void differs(String key, Map<String, RowImage> found) {
        total++;
        if (!isFull()) {
            differences.add(new RowDifference(key, regions(found)));
        }
    }

    private Map<String, RegionRow> regions(Map<String, RowImage> found) {
        RowImage first = found.values().stream()
                .filter(image -> image.copies() > 0)
                .findFirst()
                .orElse(RowImage.ABSENT);
        SortedSet<Integer> unlike = new TreeSet<>();
        found.values().forEach(image -> unlike.addAll(image.differing(first)));
        Map<String, RegionRow> regions = new LinkedHashMap<>();
        found.forEach((region, image) -> {
            List<String> changed =
                    image.differing(first).stream().map(this::column).toList();
            Map<String, String> values = new LinkedHashMap<>();
            if (image.copies() > 0) {
                unlike.forEach(i -> values.put(column(i), RowText.value(shape, image, i)));
            }
            regions.put(region, new RegionRow(image.copies(), changed, values));
        });
        return regions;
    }

    private String column(int index) {
        return shape.columns().get(index).name();
    }

    TableReport report() {
        return new TableReport(table.schema(), table.name(), rows, differences, total, undecided, "");
    }
}

package io.regent.replicator.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a comparison of regions found. Only lists, maps, strings and numbers: made to be printed as JSON.
 *
 * <p>While {@code gtidMissing} is not empty, the differences may be nothing but the transactions that did not arrive.
 *
 * @param regions the names of the regions compared, in the order given
 * @param tables every table whose rows were looked at, by schema and name
 * @param definitions tables, views, programs and schemas that are not the same everywhere
 * @param gtidMissing region to the GTIDs that another region has executed and it did not within the patience; empty if
 *     every region has everything
 */
public record VerifyReport(
        List<String> regions,
        List<TableReport> tables,
        List<DefinitionDifference> definitions,
        Map<String, String> gtidMissing) {

    /**
     * One table, compared row by row.
     *
     * @param schema its schema
     * @param table its name
     * @param rows rows compared: of each key once, whatever the number of regions that have it; without a primary key, of equal rows as
     *     many as the region has that has most
     * @param differences the first differences that persisted, at most {@value Findings#MOST_DIFFERENCES}
     * @param totalDifferences how many rows differ; beyond the list above they are counted as the scan saw them
     * @param undecided rows that changed too fast to be seen alike in all regions within the patience
     * @param notCompared why the rows could not be compared; the empty string if they were
     */
    public record TableReport(
            String schema,
            String table,
            long rows,
            List<RowDifference> differences,
            long totalDifferences,
            long undecided,
            String notCompared) {
        /** Whether all rows were compared and are the same in all regions. */
        public boolean isEqual() {
            return totalDifferences == 0 && undecided == 0 && notCompared.isEmpty();
        }
    }

    /**
     * A row that is not the same everywhere.
     *
     * @param key its primary key, values joined by commas; without one, the beginning of the whole row. Bytes that
     *     are not UTF-8 text are shown as {@code 0x...}
     * @param regions what each region has
     */
    public record RowDifference(String key, Map<String, RegionRow> regions) {}

    /**
     * What one region has of a row that differs.
     *
     * @param copies 0 if it has no such row, 1 if it has; more only in a table without a primary key
     * @param changedColumns the columns that differ from the first region that has the row
     * @param values what it has in each column in which any two regions differ: text and times in quotes, NULL, numbers, documents, or
     *     bytes that are not UTF-8 text as {@code 0x...}; of more than 64 bytes (a document: 30) the beginning, the length and the beginning of the
     *     SHA-256. Of ENUM and SET the number. Empty if it has no such row
     */
    public record RegionRow(long copies, List<String> changedColumns, Map<String, String> values) {}

    /**
     * A definition that is not the same everywhere.
     *
     * @param kind SCHEMA, TABLE, VIEW, PROCEDURE, FUNCTION, TRIGGER or EVENT
     * @param schema its schema
     * @param name its name
     * @param regions region to the text of the definition; without an entry where it does not exist
     */
    public record DefinitionDifference(String kind, String schema, String name, Map<String, String> regions) {
        /**
         * For a human.
         *
         * @param compared the regions that were compared
         */
        public String line(List<String> compared) {
            List<String> lacking = compared.stream()
                    .filter(region -> !regions.containsKey(region))
                    .toList();
            return "%s %s.%s %s"
                    .formatted(
                            kind,
                            schema,
                            name,
                            lacking.isEmpty()
                                    ? "is defined differently"
                                    : "is missing in " + String.join(", ", lacking));
        }
    }

    /** Whether all regions have executed the same transactions, and hold the same definitions and rows. */
    public boolean isEqual() {
        return definitions.isEmpty() && gtidMissing.isEmpty() && tables.stream().allMatch(TableReport::isEqual);
    }

    /** The findings as lines for a human: one verdict, then one line for each thing that is not equal. No values but those of keys. */
    public List<String> summary() {
        return lines(false);
    }

    /** The same with the values that differ. */
    public List<String> details() {
        return lines(true);
    }

    private List<String> lines(boolean values) {
        List<String> lines = new ArrayList<>();
        long rows = tables.stream().mapToLong(TableReport::rows).sum();
        lines.add("%s: %s; %d tables, %d rows"
                .formatted(String.join(", ", regions), isEqual() ? "equal" : "NOT EQUAL", tables.size(), rows));
        gtidMissing.forEach((region, gtids) -> lines.add(region + " lacks " + gtids));
        definitions.forEach(difference -> lines.add(difference.line(regions)));
        tables.forEach(table -> addLines(table, values, lines));
        return lines;
    }

    private static void addLines(TableReport table, boolean values, List<String> lines) {
        String name = table.schema + "." + table.table;
        if (!table.notCompared.isEmpty()) {
            lines.add(name + ": rows not compared: " + table.notCompared);
        }
        if (table.undecided > 0) {
            lines.add(name + ": " + table.undecided + " rows change too fast to be compared");
        }
        if (table.totalDifferences > 0) {
            lines.add(name + ": " + table.totalDifferences + " rows differ");
        }
        table.differences.forEach(difference -> lines.add(line(name, difference, values)));
    }

    private static String line(String table, RowDifference difference, boolean values) {
        List<String> parts = new ArrayList<>();
        difference.regions.forEach((region, row) ->
                parts.add(region + " has " + (row.copies == 0 ? "none" : row.copies) + columns(row, values)));
        return table + " (" + difference.key + "): " + String.join("; ", parts);
    }

    private static String columns(RegionRow row, boolean values) {
        List<String> shown = new ArrayList<>(row.changedColumns);
        if (values) {
            shown.clear();
            row.values.forEach((column, value) -> shown.add(column + "=" + value));
        }
        return shown.isEmpty()
                ? ""
                : " with " + (row.changedColumns.isEmpty() ? "" : "other ") + String.join(", ", shown);
    }
}

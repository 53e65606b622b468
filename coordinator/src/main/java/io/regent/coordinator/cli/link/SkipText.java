package io.regent.coordinator.cli.link;

import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Skip;
import io.regent.replicator.apply.StopReport;
import java.util.ArrayList;
import java.util.List;

/** What a skip means, for people. */
final class SkipText {
    private final Skip skip;
    private final List<String> regions;

    /** @param regions all of the cluster */
    SkipText(Skip skip, List<String> regions) {
        this.skip = skip;
        this.regions = List.copyOf(regions);
    }

    List<String> lines() {
        StopReport report = skip.report();
        List<String> lines = new ArrayList<>();
        lines.add("transaction " + skip.gtid() + ", at which link " + skip.link() + " is stopped:");
        lines.add("  " + report.cause());
        StopReport.Row row = report.row();
        if (row != null) {
            lines.add("  " + (row.refused() ? "refused: " : "its first row: ") + row.kind() + " of " + row.table()
                    + " (" + row.key() + ")");
            lines.add("    before: " + (row.before().isEmpty() ? "none" : row.before()));
            lines.add("    after:  " + (row.after().isEmpty() ? "none" : row.after()));
        }
        lines.add("  all that it changes: " + changes(report));
        lines.add("a skip is for ever, and for the whole cluster:");
        lines.add("  have it, and keep it: " + names(skip.executedBy()));
        lines.add("  commit it empty, under its own GTID, and lack all that it changes: "
                + names(regions.stream()
                        .filter(region -> !skip.executedBy().contains(region))
                        .toList()));
        lines.add("  a later transaction that builds on it may stop the link there in turn");
        lines.add(
                "  from then on the regions are known to differ: moves are refused until 'dbctl verify' finds them equal");
        lines.add("  (a failover that is decided by itself does not ask for that)");
        lines.addAll(repair());
        return lines;
    }

    private List<String> repair() {
        return List.of(
                "to make them equal again: 'dbctl verify' names the rows that differ. Write them at the region that lacks them,",
                "  in a session with SET sql_log_bin=0, or 'dbctl region rebuild REGION --from OTHER'; then 'dbctl verify'");
    }

    private static String changes(StopReport report) {
        String rows = report.rows() == 0 ? "" : report.rows() + (report.rows() == 1 ? " row of " : " rows of ");
        return report.statement().isEmpty()
                ? rows + (report.tables().isEmpty() ? "what it changes can't be told" : names(report.tables()))
                : report.statement();
    }

    private static String names(List<String> all) {
        return all.isEmpty() ? "none" : String.join(", ", all);
    }

    /** What is known to differ by it. */
    Differences differences() {
        StopReport report = skip.report();
        String example = "skipped " + skip.gtid() + " at " + skip.link() + ": " + report.what()
                + (report.tables().size() > 1 ? ", tables " + names(report.tables()) : "");
        return new Differences(skip.at(), regions, Math.max(1, report.rows()), List.of(example));
    }
}

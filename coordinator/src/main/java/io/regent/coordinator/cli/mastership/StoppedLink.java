package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.replicator.apply.StopReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A link that stopped at a transaction, for people and for tools.
 *
 * @param link {@code target<-source}
 * @param stopped at what
 */
record StoppedLink(String link, StopReport stopped) {
    /** All that the coordinators tell of. */
    static List<StoppedLink> of(Map<String, Told> told) {
        List<StoppedLink> all = new ArrayList<>();
        told.forEach((region, answer) -> {
            CoordinatorStatus status = answer.status();
            if (status != null) {
                status.links().forEach(link -> all.addAll(of(region, link)));
            }
        });
        return all;
    }

    /** Of one link: one or none. */
    static List<StoppedLink> of(String region, LinkState link) {
        StopReport at = link.stopped();
        return at == null ? List.of() : List.of(new StoppedLink(region + "<-" + link.source(), at));
    }

    /** The transaction, what the target says, the row with its images, and the last way on. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("  " + link + " stopped at " + stopped.gtid() + ": " + stopped.what()
                + (stopped.error() == 0 ? "" : ", error " + stopped.error()));
        StopReport.Row row = stopped.row();
        if (row != null) {
            String which = row.refused() ? "" : "its first row, " + row.table() + " (" + row.key() + "), ";
            lines.add("    " + which + "before: " + (row.before().isEmpty() ? "none" : row.before()));
            lines.add("    " + which + "after:  " + (row.after().isEmpty() ? "none" : row.after()));
        }
        lines.add("    if its cause cannot be mended: dbctl link skip " + stopped.gtid() + " --why TEXT");
        return lines;
    }
}

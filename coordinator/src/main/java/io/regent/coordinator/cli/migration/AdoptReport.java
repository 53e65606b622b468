package io.regent.coordinator.cli.migration;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.regent.coordinator.cli.cluster.FoundingReport;
import io.regent.coordinator.cli.cluster.InitReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of taking a cluster over, as JSON shows it.
 *
 * @param cluster its name
 * @param outcome {@code adopted}, {@code unchanged} (it was before), {@code adoptable} (a dry run) or {@code refused}
 * @param master the region that takes the writes
 * @param sources which region each other one read from
 * @param regions what was, or would be, made at each server
 * @param founding what became of founding the cluster; null if that was not tried
 * @param pauseMillis for how long at most no region took writes; 0 if that was not measured
 * @param problems why it was refused
 * @param notes what an operator should know
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record AdoptReport(
        String cluster,
        String outcome,
        String master,
        Map<String, String> sources,
        List<InitReport.Region> regions,
        @Nullable FoundingReport founding,
        long pauseMillis,
        List<String> problems,
        List<String> notes) {
    static final String REFUSED = "refused";

    boolean isRefused() {
        return outcome.equals(REFUSED);
    }

    void print(PrintWriter out) {
        out.println("cluster " + cluster + ": " + headline());
        problems.forEach(problem -> out.println("  refused: " + problem));
        if (!isRefused()) {
            regions.forEach(region -> region.steps()
                    .forEach(step -> out.println("  " + region.region() + ": " + step.subject() + ": " + step.found()
                            + " -> " + step.action())));
            sources.forEach((region, source) -> out.println("  " + region + " read from " + source));
        }
        notes.forEach(note -> out.println("  note: " + note));
    }

    private String headline() {
        return switch (outcome) {
            case "adopted" ->
                "adopted from native replication: epoch 1, master " + master
                        + (pauseMillis > 0 ? "; no region took writes for at most " + pauseMillis + " ms" : "");
            case "adoptable" -> "would be adopted from native replication, with master " + master;
            case "unchanged" -> "was adopted before, with master " + master;
            default -> "not adopted";
        };
    }
}

package io.regent.coordinator.cli.migration.adopt;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.regent.coordinator.cli.cluster.FoundingReport;
import io.regent.coordinator.cli.cluster.InitReport;
import java.io.PrintWriter;
import java.util.ArrayList;
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
 * @param pauseMillis for how long at most no region took writes; 0 if that was not measured, negative if it is not open yet
 * @param problems why it was refused
 * @param notes what an operator should know
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AdoptReport(
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

    static AdoptReport refused(AdoptOrder order, @Nullable FoundingReport founding, List<String> problems) {
        return new AdoptReport(
                order.config().cluster(),
                REFUSED,
                order.master().name(),
                Map.of(),
                List.of(),
                founding,
                0,
                List.copyOf(problems),
                List.of());
    }

    /** @param plan how the cluster replicated; null if that is over */
    static AdoptReport of(
            AdoptOrder order,
            String outcome,
            @Nullable AdoptPlan plan,
            List<InitReport.Result> results,
            @Nullable FoundingReport founding,
            long pause,
            List<String> notes) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(Preparation.notes(results));
        return new AdoptReport(
                order.config().cluster(),
                outcome,
                order.master().name(),
                plan == null ? Map.of() : plan.sources(),
                results.stream().map(InitReport.Result::json).toList(),
                founding,
                pause,
                List.of(),
                all);
    }

    /** The same, with one more problem. */
    AdoptReport with(String hint) {
        List<String> all = new ArrayList<>(problems);
        all.add(hint.replaceFirst("^; ", ""));
        return new AdoptReport(cluster, outcome, master, sources, regions, founding, pauseMillis, all, notes);
    }

    boolean isRefused() {
        return outcome.equals(REFUSED);
    }

    /** Whether the cluster was founded and its master did not open in time. */
    boolean isClosed() {
        return pauseMillis < 0;
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

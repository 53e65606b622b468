package io.regent.coordinator.cli.migration.leave;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintWriter;
import java.util.List;

/**
 * What became of handing a cluster back, as JSON shows it.
 *
 * @param cluster its name
 * @param outcome {@code left}, {@code leavable} (a dry run), {@code forgotten}, {@code forgettable} or {@code refused}
 * @param source the region that the others replicate from
 * @param pauseMillis for how long at most it took no writes; 0 if it took them all the time
 * @param problems why it was refused
 * @param remains what is left, and how to remove it
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LeaveReport(
        String cluster, String outcome, String source, long pauseMillis, List<String> problems, List<String> remains) {
    private static final String REFUSED = "refused";

    static LeaveReport refused(String cluster, String source, List<String> problems) {
        return new LeaveReport(cluster, REFUSED, source, 0, List.copyOf(problems), List.of());
    }

    boolean isRefused() {
        return outcome.equals(REFUSED);
    }

    void print(PrintWriter out) {
        out.println("cluster " + cluster + ": "
                + switch (outcome) {
                    case "left" ->
                        "handed back to native replication from " + source
                                + (pauseMillis > 0
                                        ? "; it took no writes for at most " + pauseMillis + " ms"
                                        : ", which took writes all the time");
                    case "leavable" -> "would be handed back to native replication from " + source;
                    case "forgettable" -> "would be removed from ZooKeeper";
                    case "forgotten" -> "removed from ZooKeeper";
                    default -> "refused";
                });
        problems.forEach(problem -> out.println("  refused: " + problem));
        remains.forEach(line -> out.println("  " + line));
    }
}

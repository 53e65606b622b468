package io.regent.coordinator.cli.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintWriter;
import java.util.List;

/**
 * What became of founding a cluster, as JSON shows it.
 *
 * @param outcome {@code done}, {@code unchanged} (it was founded before), {@code planned} or {@code refused}; {@code
 *     adopted} or {@code adoptable}
 * @param epoch the cluster's epoch; 0 if it has none
 * @param master who is master in it
 * @param cut the GTIDs that are history from the beginning; empty if it was not founded now
 * @param transactions how many these are
 * @param closed regions whose MySQL was closed for it
 * @param problems why it was refused
 * @param notes what an operator should know
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FoundingReport(
        String outcome,
        long epoch,
        String master,
        String cut,
        long transactions,
        List<String> closed,
        List<String> problems,
        List<String> notes) {
    private static final String REFUSED = "refused";

    /** Nothing was founded. */
    public static FoundingReport refused(String master, List<String> closed, List<String> problems) {
        return new FoundingReport(REFUSED, 0, master, "", 0, closed, problems, List.of());
    }

    /** Whether no cluster was, or would be, made. */
    public boolean isRefused() {
        return outcome.equals(REFUSED);
    }

    /** For people. */
    public void print(String cluster, PrintWriter out) {
        out.println("cluster " + cluster + ": " + headline());
        problems.forEach(problem -> out.println("  refused: " + problem));
        closed.forEach(region -> out.println("  " + region + " is closed (SEALED): it takes no writes until its"
                + " coordinator runs" + (region.equals(master) ? " and opens it" : "")));
        notes.forEach(note -> out.println("  note: " + note));
    }

    private String adopted() {
        return "epoch " + epoch + ", master " + master + "; " + transactions
                + " transactions, and what was added in the last epoch, are its history";
    }

    private String headline() {
        String history =
                "epoch " + epoch + ", master " + master + ", " + transactions + " transactions are its history";
        return switch (outcome) {
            case "done" -> "founded in ZooKeeper: " + history;
            case "planned" ->
                "would be founded in ZooKeeper: " + history + " as of now; each open MySQL would be closed";
            case "adopted" -> "founded anew in ZooKeeper: " + adopted();
            case "adoptable" -> "would be founded anew in ZooKeeper: " + adopted();
            case "unchanged" -> "was founded before; now epoch " + epoch + ", master " + master;
            default -> "not founded";
        };
    }
}

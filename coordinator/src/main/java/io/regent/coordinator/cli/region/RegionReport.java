package io.regent.coordinator.cli.region;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a region's server, as JSON shows it.
 *
 * @param outcome {@code done}, {@code planned}, {@code not-confirmed}, {@code refused} or {@code unfinished}
 * @param action {@code rebuild} or {@code rejoin}
 * @param from whose data it gets; empty if it keeps its own
 * @param uuid the server uuid that it goes on with; empty before that is known
 * @param lost transactions that only this region had
 * @param unsaved those of them that are not saved as rows either
 * @param problems why it was refused, or is not finished
 * @param notes what an operator should know
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record RegionReport(
        String outcome,
        String action,
        String region,
        String from,
        String uuid,
        String lost,
        String unsaved,
        List<String> problems,
        List<String> notes) {
    static final String DONE = "done";
    static final String PLANNED = "planned";
    private static final String NOT_CONFIRMED = "not-confirmed";
    private static final String REFUSED = "refused";
    private static final String UNFINISHED = "unfinished";

    static RegionReport of(Order order, String from, RegionPlan plan) {
        String outcome = !plan.problems().isEmpty()
                ? REFUSED
                : order.dryRun() ? PLANNED : order.yes() ? UNFINISHED : NOT_CONFIRMED;
        return new RegionReport(
                outcome,
                order.action(),
                order.region().name(),
                from,
                "",
                plan.loss().alone().toString(),
                plan.loss().unsaved().toString(),
                plan.problems(),
                plan.notes());
    }

    /** Begun and not finished. */
    RegionReport unfinished(List<String> why) {
        return with(UNFINISHED, uuid, why);
    }

    /** Finished, with this server uuid. */
    RegionReport done(String now) {
        return with(DONE, now, List.of());
    }

    /** Seen right before it would have been done not to be possible any more. */
    RegionReport refused(List<String> why) {
        return with(REFUSED, uuid, why);
    }

    private RegionReport with(String now, String serverUuid, List<String> why) {
        return new RegionReport(now, action, region, from, serverUuid, lost, unsaved, why, notes);
    }

    /** What is about to be done, for an operator who said {@code --yes} to it. */
    List<String> announcement() {
        List<String> lines = new ArrayList<>();
        lines.add(what());
        lines.addAll(notes);
        return lines;
    }

    boolean isOrdered() {
        return outcome.equals(UNFINISHED);
    }

    int exitCode() {
        return outcome.equals(DONE) || outcome.equals(PLANNED) ? 0 : 1;
    }

    void print(PrintWriter out) {
        out.println(headline());
        problems.forEach(problem -> out.println("  " + problem));
        notes.forEach(note -> out.println("  " + note));
    }

    private String what() {
        return from.isEmpty()
                ? region + " gets a new server uuid and keeps its data"
                : "all data of " + region + " is replaced by a copy of " + from
                        + ", under a new server uuid; what else it holds is gone";
    }

    private String headline() {
        return switch (outcome) {
            case DONE ->
                region + " has the server uuid " + uuid
                        + (from.isEmpty() ? "" : " and the data of " + from)
                        + "; its coordinator takes it from here: dbctl status";
            case PLANNED -> "would be done: " + what();
            case NOT_CONFIRMED -> "nothing was done: say --yes, and " + what();
            case REFUSED -> "refused: nothing was done";
            default -> "not finished: run this again to go on";
        };
    }
}

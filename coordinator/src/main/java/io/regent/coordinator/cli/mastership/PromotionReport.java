package io.regent.coordinator.cli.mastership;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.regent.sql.blocker.Blocker;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a move, as JSON shows it.
 *
 * @param region the region that was to become master
 * @param plan id of the plan; empty if none was ordered
 * @param outcome how it ended
 * @param epochBefore the epoch in which it began
 * @param epoch the epoch now
 * @param moved at most how many transactions the region still had to fetch once the master had closed; null if not seen
 * @param pauseMillis at most how long no region took writes, as seen from here to some 100 ms; null if not seen
 * @param problems why it did not come to be
 * @param notes what an operator should know
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record PromotionReport(
        String region,
        String plan,
        @JsonIgnore Outcome outcome,
        long epochBefore,
        long epoch,
        @Nullable Long moved,
        @Nullable Long pauseMillis,
        List<String> problems,
        List<String> notes) {
    /** How a move ended. */
    enum Outcome {
        /** The region was master and open before. */
        ALREADY(0),
        /** A dry run of a move that can begin. */
        PLANNED(0),
        /** It cannot begin. */
        REFUSED(1),
        /** The region is master and open. */
        OPEN(0),
        /** The region is master and open, but the one before did not hand over: it was a failover. */
        FAILED_OVER(1),
        /** It was called off, by this command or another: the master is who it was. */
        CALLED_OFF(1),
        /** The region is named, and was not open when the time was over. */
        NAMED(1),
        /** Another region became master. */
        ELSEWHERE(1),
        /** The command was interrupted, and the plan stands. */
        LEFT(2),
        /** ZooKeeper does not tell. */
        UNKNOWN(2);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** The same with the sessions that were in the way. */
    PromotionReport because(List<Blocker> blockers) {
        List<String> all = new ArrayList<>(problems);
        blockers.forEach(blocker -> all.add("held up by " + blocker.line()));
        return new PromotionReport(region, plan, outcome, epochBefore, epoch, moved, pauseMillis, all, notes);
    }

    /** The outcome in one word. */
    @JsonProperty("outcome")
    String word() {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For people. */
    String headline() {
        return switch (outcome) {
            case ALREADY -> region + " is master already, open in epoch " + epoch;
            case PLANNED -> "would move: " + region + " would become master in epoch " + (epochBefore + 1);
            case REFUSED -> "refused: nothing was ordered";
            case OPEN -> region + " is master and open: epoch " + epochBefore + " -> " + epoch + seen();
            case FAILED_OVER ->
                region + " is master and open by a failover, not by this move: epoch " + epochBefore + " -> " + epoch;
            case CALLED_OFF -> "the move was called off: epoch " + epoch + " stands";
            case NAMED ->
                region + " is named in epoch " + epoch + " and not open yet; it cannot be called off any more";
            case ELSEWHERE -> "the move ended otherwise, in epoch " + epoch;
            case LEFT -> "the plan " + plan + " stands: the move goes on without this command";
            case UNKNOWN -> "what became of the move cannot be told";
        };
    }

    private String seen() {
        return (pauseMillis == null ? "" : "; no region took writes for at most " + pauseMillis + " ms")
                + (moved == null ? "" : "; at most " + moved + " transactions were moved after the close");
    }
}

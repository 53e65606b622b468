package io.regent.coordinator.wait;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Map;

/**
 * What became of a wait.
 *
 * @param outcome yes, or which no
 * @param gtid the transactions, in MySQL's form
 * @param regions regions in which all of them are durable
 * @param missing for each other region what it lacks, or why it does not count
 * @param reason why not; empty if the answer is yes
 * @param waitedMillis how long it took
 */
public record WaitAnswer(
        Outcome outcome,
        String gtid,
        List<String> regions,
        Map<String, String> missing,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason,
        long waitedMillis) {
    private static final int LONGEST = 300;
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;
    private static final int TIMEOUT = 504;

    /** Yes, or which no. */
    public enum Outcome {
        /** Durable in as many regions as were asked for. */
        REPLICATED(OK),
        /** Not so within the time; it may come. */
        TIMEOUT(WaitAnswer.TIMEOUT),
        /** A verdict made some of it void: its rows are in no region, and never will be. */
        VOID(CONFLICT),
        /** Some of it is outside history: other regions never take it. */
        STRANDED(CONFLICT),
        /** Nothing was waited for. */
        REFUSED(UNAVAILABLE);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }
    }

    /** HTTP's code for it. */
    @JsonIgnore
    public int code() {
        return outcome.code;
    }

    /** Whether the answer is yes. */
    @JsonIgnore
    public boolean isYes() {
        return outcome == Outcome.REPLICATED;
    }

    /** Transactions as a reason names them: a whole set may be as long as history. */
    static String brief(GtidSet gtids) {
        String text = gtids.toString();
        String named = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return gtids.count() > 1 ? named + " (" + gtids.count() + " transactions)" : named;
    }

    /** Nothing was waited for; the reason says why. */
    public static WaitAnswer refused(GtidSet gtids, String reason) {
        return new WaitAnswer(Outcome.REFUSED, gtids.toString(), List.of(), Map.of(), reason, 0);
    }
}

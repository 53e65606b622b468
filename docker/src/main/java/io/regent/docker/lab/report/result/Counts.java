package io.regent.docker.lab.report.result;

import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;

/**
 * Numbers of writes and transactions.
 *
 * @param acknowledged writes that a server said OK to
 * @param refused writes that a server said no to
 * @param unknown writes whose session was lost before an answer
 * @param missing acknowledged transactions that are neither in every region nor accounted for: lost in silence
 * @param held stranded transactions that wait for somebody to decide
 * @param released stranded transactions that were written anew
 * @param named transactions that the loss statement names
 * @param rows rows that were compared between the regions
 */
public record Counts(
        long acknowledged, long refused, long unknown, long missing, long held, long released, long named, long rows) {
    /** Counts where nothing was checked: what became of the writes is not known. */
    public static Counts unchecked(History history) {
        return new Counts(
                history.count(Outcome.ACKNOWLEDGED),
                history.count(Outcome.REFUSED),
                history.count(Outcome.UNKNOWN),
                0,
                0,
                0,
                0,
                0);
    }

    /** Counts. */
    public static Counts of(History history, Fates fates, long rows) {
        return new Counts(
                history.count(Outcome.ACKNOWLEDGED),
                history.count(Outcome.REFUSED),
                history.count(Outcome.UNKNOWN),
                fates.missing(history.acknowledged()).count(),
                fates.held().count(),
                fates.released().count(),
                fates.named().count(),
                rows);
    }
}

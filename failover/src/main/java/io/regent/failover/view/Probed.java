package io.regent.failover.view;

import io.regent.failover.timing.Moment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Commits in the own MySQL were probed, and none has been seen there since.
 *
 * @param since since when probe writes have come to nothing; null if the last one says nothing about commits
 * @param asked when one was asked for last
 */
public record Probed(@Nullable Moment since, Moment asked) {
    /** What is known having asked once more: one is under way, or nothing can be said. */
    static Probed after(@Nullable Probed before, boolean underWay, Moment asked) {
        Moment first = before == null || before.since == null ? asked : before.since;
        return new Probed(underWay ? first : null, asked);
    }

    /** For how long commits have certainly hung. */
    public Duration hanging(Moment at) {
        return since == null ? Duration.ZERO : at.atLeastSince(since);
    }
}

package io.regent.failover.view;

import io.regent.failover.timing.Moment;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the own OPEN MySQL had executed in the last moments. By it a holder tells how far behind another region is, in
 * time: a count of transactions means little, for a hundred may be a second of writes or a millisecond.
 *
 * @param marks oldest first
 */
public record Progress(List<Mark> marks) {
    /** Nothing is known. */
    public static final Progress NONE = new Progress(List.of());

    private static final Duration SPACING = Duration.ofMillis(50);
    private static final int KEPT = 64;

    /**
     * What was executed at a moment.
     *
     * @param at when the look that read it was over
     * @param executed the set
     */
    public record Mark(Moment at, GtidSet executed) {}

    /** The same after another look. */
    Progress plus(GtidSet executed, Moment at) {
        if (!marks.isEmpty()
                && at.atLeastSince(marks.get(marks.size() - 1).at()).compareTo(SPACING) < 0) {
            return this;
        }
        List<Mark> next = new ArrayList<>(marks.subList(marks.size() < KEPT ? 0 : 1, marks.size()));
        next.add(new Mark(at, executed));
        return new Progress(List.copyOf(next));
    }

    /**
     * How old the newest mark is that a region has reached, so how far behind it is at most, but for the time of one
     * look; none if it has reached none.
     *
     * @param reached whether the region has what was executed at a mark
     */
    public Optional<Duration> lag(Predicate<GtidSet> reached, Moment at) {
        for (int i = marks.size() - 1; i >= 0; i--) {
            if (reached.test(marks.get(i).executed())) {
                return Optional.of(at.atMostSince(marks.get(i).at()));
            }
        }
        return Optional.empty();
    }
}

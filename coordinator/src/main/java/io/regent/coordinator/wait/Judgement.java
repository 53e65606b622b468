package io.regent.coordinator.wait;

import static io.regent.coordinator.wait.WaitAnswer.brief;

import io.regent.coordinator.wait.WaitAnswer.Outcome;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is true of some transactions at one moment.
 *
 * @param gtids the transactions
 * @param standing what is known at that moment
 * @param origins regions that originated any of them: they do not count
 * @param orphaned whether the region is not known that originated some of them: it may be any, of those that have them too
 * @param has regions in which all of them are kept, with their rows: none if some were skipped, for nobody tells which
 * @param voided the part that is void
 * @param outside the part that is outside history as this look at ZooKeeper knows it
 * @param skipped the part that was skipped
 */
record Judgement(
        GtidSet gtids,
        Standing standing,
        Set<String> origins,
        boolean orphaned,
        List<String> has,
        GtidSet voided,
        GtidSet outside,
        GtidSet skipped) {
    static Judgement of(GtidSet gtids, Standing standing) {
        Known known = standing.known();
        Set<String> origins = known.origins(gtids);
        GtidSet skipped = known.skipped(gtids);
        List<String> has = new ArrayList<>();
        standing.regions().forEach((region, kept) -> {
            if (!origins.contains(region) && kept.has(gtids) && skipped.isEmpty()) {
                has.add(region);
            }
        });
        return new Judgement(
                gtids,
                standing,
                origins,
                known.isOrphaned(gtids),
                has,
                gtids.intersect(standing.voided()),
                known.outside(gtids),
                skipped);
    }

    /** What each other region lacks, or why it does not count. */
    Map<String, String> missing() {
        Map<String, String> missing = new LinkedHashMap<>();
        standing.regions().forEach((region, kept) -> {
            if (!origins.contains(region) && !has.contains(region)) {
                missing.put(region, kept.has(gtids) ? "may have " + brief(skipped) + " empty" : kept.lacks(gtids));
            }
        });
        return missing;
    }

    /**
     * The answer, if it is one already; null while there is hope. Void comes first: it is for ever.
     *
     * @param proven whether the look is certain to show the epoch in which they were committed. Without that they may be
     *     outside of an older one only [a follower that was cut off showed the epoch before; the application took
     *     "never" at its word, and booked twice].
     */
    @Nullable Outcome outcome(int regions, boolean proven) {
        if (!voided.isEmpty()) {
            return Outcome.VOID;
        }
        if (!outside.isEmpty()) {
            return proven && !isLate() ? Outcome.STRANDED : null;
        }
        return has.size() >= needed(regions) ? Outcome.REPLICATED : null;
    }

    /** Whether another region lives in a newer epoch than this look shows, or did not say yet. */
    private boolean isLate() {
        return standing.regions().entrySet().stream()
                .anyMatch(region ->
                        !origins.contains(region.getKey()) && region.getValue().mayBeAhead());
    }

    /** In how many of the regions that count: where it began may be one of them, and does not count. */
    private int needed(int regions) {
        return orphaned ? regions + 1 : regions;
    }

    /** Why the answer is this one, in one sentence; empty for yes. */
    String reason(Outcome outcome, int regions) {
        return switch (outcome) {
            case REPLICATED -> "";
            case VOID -> "void: a verdict made " + brief(voided) + " empty everywhere; its rows are in no region";
            case STRANDED ->
                "stranded: " + brief(outside)
                        + " is outside history, where no other region takes it from ('dbctl history')";
            default ->
                "in " + has.size() + " of " + needed(regions) + " regions within the time"
                        + (orphaned
                                ? " (one more than asked for: where it began is not known, and does not count)"
                                : "")
                        + (outside.isEmpty() ? "" : "; " + brief(outside) + " is outside history as it was last seen")
                        + (skipped.isEmpty() ? "" : "; " + brief(skipped) + " was skipped ('dbctl link skips')");
        };
    }
}

package io.regent.docker.lab.history;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How long no client could write when the master changed: from the last OK of the old master to the first OK of another
 * region, over all clients
 * that follow the master. Negative if both said OK within the same time.
 *
 * @param lastBefore the last write that the old master acknowledged
 * @param firstAfter the first write that another region acknowledged
 */
public record Pause(Write lastBefore, Write firstAfter) {
    /**
     * Finds the pause.
     *
     * @param writes the writes since a moment when the old master was the only one
     * @param oldMaster its region
     * @return empty while no other region has acknowledged anything, or if the old master did not either
     */
    public static Optional<Pause> of(List<Write> writes, String oldMaster) {
        Comparator<Write> byEnd = Comparator.comparingLong(Write::endNanos);
        List<Write> known = writes.stream()
                .filter(write -> write.isAcknowledged() && write.place().knowsEpoch())
                .toList();
        Optional<Write> last =
                known.stream().filter(w -> w.region().equals(oldMaster)).max(byEnd);
        Optional<Write> first =
                known.stream().filter(w -> !w.region().equals(oldMaster)).min(byEnd);
        return last.flatMap(before -> first.map(after -> new Pause(before, after)));
    }

    /** Its length. */
    public Duration length() {
        return Duration.ofNanos(firstAfter.endNanos() - lastBefore.endNanos());
    }

    /** The region that became master. */
    public String newMaster() {
        return firstAfter.region();
    }
}

package io.regent.docker.lab.report.result;

import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates.Fate;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.report.result.MasterChange.Stranded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Tells the changes of master from what clients were told. An epoch in which nothing was acknowledged is passed over. */
public final class MasterChanges {
    private final Evidence evidence;
    private final long originNanos;

    /**
     * Of a drill.
     *
     * @param originNanos when it began, as {@link System#nanoTime}
     */
    public MasterChanges(Evidence evidence, long originNanos) {
        this.evidence = evidence;
        this.originNanos = originNanos;
    }

    private static final class Epoch {
        private final String region;
        private final long firstEnd;
        private long lastEnd;
        private long lastStranded;
        private long stranded;
        private long firstStranded = Long.MAX_VALUE;

        private Epoch(Write first) {
            region = first.region();
            firstEnd = first.endNanos();
            lastEnd = first.endNanos();
        }
    }

    /**
     * Tells them.
     *
     * @param planned the epochs that began because somebody ordered it
     */
    public List<MasterChange> of(Set<Long> planned) {
        NavigableMap<Long, Epoch> epochs = begun(evidence.history());
        evidence.history().forEach(write -> follow(epochs, write));
        List<MasterChange> changes = new ArrayList<>();
        for (Map.Entry<Long, Epoch> one : epochs.entrySet()) {
            Map.Entry<Long, Epoch> before = epochs.lowerEntry(one.getKey());
            if (before != null) {
                changes.add(change(before.getValue(), one.getValue(), one.getKey(), planned.contains(one.getKey())));
            }
        }
        return changes;
    }

    /** The history is in the order of ends: the first write of an epoch is the one that was acknowledged first. */
    private static NavigableMap<Long, Epoch> begun(History history) {
        NavigableMap<Long, Epoch> epochs = new TreeMap<>();
        history.forEach(write -> {
            if (write.isAcknowledged() && write.place().knowsEpoch()) {
                epochs.computeIfAbsent(write.place().epoch(), epoch -> new Epoch(write));
            }
        });
        return epochs;
    }

    /** A session may have outlived the epoch that its client knew: the write belongs to the last epoch of its region so far. */
    private void follow(NavigableMap<Long, Epoch> epochs, Write write) {
        if (!write.isAcknowledged()) {
            return;
        }
        epochs.tailMap(write.place().epoch(), true).values().stream()
                .filter(epoch -> epoch.region.equals(write.region()) && epoch.firstEnd <= write.endNanos())
                .reduce((first, second) -> second)
                .ifPresent(epoch -> {
                    if (write.place().knowsEpoch()) {
                        epoch.lastEnd = Math.max(epoch.lastEnd, write.endNanos());
                    }
                    if (evidence.fate(write) != Fate.PRESENT) {
                        epoch.stranded++;
                        epoch.firstStranded = Math.min(epoch.firstStranded, write.endNanos());
                        epoch.lastStranded = Math.max(epoch.lastStranded, write.endNanos());
                    }
                });
    }

    private MasterChange change(Epoch from, Epoch to, long epoch, boolean planned) {
        Stranded stranded = from.stranded == 0
                ? Stranded.NOTHING
                : new Stranded(from.stranded, millis(Math.max(from.lastEnd, from.lastStranded) - from.firstStranded));
        return new MasterChange(
                planned,
                from.region,
                to.region,
                epoch,
                millis(from.lastEnd - originNanos),
                millis(to.firstEnd - from.lastEnd),
                stranded);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}

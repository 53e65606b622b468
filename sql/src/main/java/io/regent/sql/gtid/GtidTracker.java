package io.regent.sql.gtid;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A GTID set that grows and shrinks in place. Not thread-safe.
 *
 * <p>Adding costs a binary search, and nothing more while a source's transactions come in order; out of order it moves
 * the runs behind the gap, of which there are few as long as gaps close. {@link #toSet} copies the runs, not the
 * numbers, and is free while nothing changed.
 */
public final class GtidTracker {
    private final Map<Tsid, Growing> sources = new HashMap<>();
    private @Nullable GtidSet snapshot = GtidSet.EMPTY;

    /** An empty one. */
    public GtidTracker() {}

    /** One that begins with what the set holds. */
    public GtidTracker(GtidSet start) {
        addAll(start);
    }

    /**
     * Adds one.
     *
     * @return whether it was new
     */
    public boolean add(Gtid gtid) {
        boolean added = source(gtid.tsid()).add(gtid.number());
        if (added) {
            snapshot = null;
        }
        return added;
    }

    /** Adds all of the set. */
    public void addAll(GtidSet set) {
        set.tsids().forEach(tsid -> addAll(tsid, set.of(tsid)));
    }

    void addAll(Tsid tsid, long[] runs) {
        Growing source = source(tsid);
        source.become(Runs.union(source.toArray(), runs));
        snapshot = null;
    }

    /** Takes out all of the set. */
    public void removeAll(GtidSet set) {
        for (Tsid tsid : set.tsids()) {
            Growing source = sources.get(tsid);
            if (source != null) {
                source.become(Runs.subtract(source.toArray(), set.of(tsid)));
                snapshot = null;
            }
        }
    }

    /** Whether it holds this one. */
    public boolean contains(Gtid gtid) {
        Growing source = sources.get(gtid.tsid());
        return source != null && source.contains(gtid.number());
    }

    /** What it holds now; later changes do not show in it. */
    public GtidSet toSet() {
        GtidSet set = snapshot;
        if (set == null) {
            NavigableMap<Tsid, long[]> runs = new TreeMap<>();
            sources.forEach((tsid, source) -> {
                if (source.size > 0) {
                    runs.put(tsid, source.toArray());
                }
            });
            set = GtidSet.owning(runs);
            snapshot = set;
        }
        return set;
    }

    @Override
    public String toString() {
        return toSet().toString();
    }

    private Growing source(Tsid tsid) {
        return sources.computeIfAbsent(tsid, absent -> new Growing());
    }

    /** The runs of one source in the form of {@link Runs}, in an array with room to grow. */
    private static final class Growing {
        private long[] runs = new long[8];
        private int size;

        boolean contains(long number) {
            int at = Arrays.binarySearch(runs, 0, size, number);
            return at >= 0 || (-at - 1) % 2 == 1;
        }

        boolean add(long number) {
            if (size > 0 && number == runs[size - 1] + 1) {
                runs[size - 1] = number;
                return true;
            }
            int at = Arrays.binarySearch(runs, 0, size, number);
            int index = -at - 1;
            if (at >= 0 || index % 2 == 1) {
                return false;
            }
            boolean joinsBefore = index > 0 && runs[index - 1] == number - 1;
            boolean joinsAfter = index < size && runs[index] == number + 1;
            if (joinsBefore && joinsAfter) {
                remove(index - 1);
            } else if (joinsBefore) {
                runs[index - 1] = number;
            } else if (joinsAfter) {
                runs[index] = number;
            } else {
                insert(index, number);
            }
            return true;
        }

        /** Takes out the two ends between two runs that now touch. */
        private void remove(int index) {
            System.arraycopy(runs, index + 2, runs, index, size - index - 2);
            size -= 2;
        }

        private void insert(int index, long number) {
            if (size + 2 > runs.length) {
                runs = Arrays.copyOf(runs, runs.length * 2);
            }
            System.arraycopy(runs, index, runs, index + 2, size - index);
            runs[index] = number;
            runs[index + 1] = number;
            size += 2;
        }

        long[] toArray() {
            return Arrays.copyOf(runs, size);
        }

        void become(long[] normalised) {
            runs = normalised.length < 8 ? Arrays.copyOf(normalised, 8) : normalised.clone();
            size = normalised.length;
        }
    }
}

package io.regent.sql.gtid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * An immutable set of GTIDs with value equality, as {@code gtid_executed} holds one.
 *
 * <p>Membership of one GTID costs two binary searches. The text form is MySQL's normalised one, except that the
 * separator is a comma without a newline.
 */
public final class GtidSet {
    /** The set that holds nothing; its text form is the empty string. */
    public static final GtidSet EMPTY = new GtidSet(new TreeMap<>());

    /** Runs in the form of {@link Runs}; no entry is empty; never changed after construction. */
    private final NavigableMap<Tsid, long[]> runs;

    private GtidSet(NavigableMap<Tsid, long[]> runs) {
        this.runs = runs;
    }

    /** Takes ownership of the map and its arrays, which must be normalised and without empty entries. */
    static GtidSet owning(NavigableMap<Tsid, long[]> runs) {
        return runs.isEmpty() ? EMPTY : new GtidSet(runs);
    }

    /** The set of exactly these. */
    public static GtidSet of(Gtid... gtids) {
        GtidTracker tracker = new GtidTracker();
        for (Gtid gtid : gtids) {
            tracker.add(gtid);
        }
        return tracker.toSet();
    }

    /** All numbers of one run of one source. */
    public static GtidSet of(Tsid tsid, Interval interval) {
        NavigableMap<Tsid, long[]> map = new TreeMap<>();
        map.put(tsid, new long[] {interval.first(), interval.last()});
        return new GtidSet(map);
    }

    /**
     * Reads what MySQL accepts as a GTID set: pieces in any order, overlapping, in either case, with blanks and
     * newlines between tokens, empty pieces, a uuid without numbers, and a backward interval, which is empty.
     *
     * @throws IllegalArgumentException naming what was expected and the offset at which something else was found
     */
    public static GtidSet parse(String text) {
        return new GtidSetParser(text).parse();
    }

    /** Whether the set holds this transaction. */
    public boolean contains(Gtid gtid) {
        return Runs.contains(of(gtid.tsid()), gtid.number());
    }

    /** Whether the set is a superset of the other, as {@code GTID_SUBSET(part, this)}. */
    public boolean contains(GtidSet part) {
        for (Map.Entry<Tsid, long[]> entry : part.runs.entrySet()) {
            if (!Runs.containsAll(of(entry.getKey()), entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** What is in either. */
    public GtidSet union(GtidSet other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        NavigableMap<Tsid, long[]> out = new TreeMap<>(runs);
        other.runs.forEach((tsid, theirs) -> out.merge(tsid, theirs, Runs::union));
        return new GtidSet(out);
    }

    /** What is in this and not in the other, as {@code GTID_SUBTRACT(this, other)}. */
    public GtidSet subtract(GtidSet other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        NavigableMap<Tsid, long[]> out = new TreeMap<>();
        runs.forEach((tsid, ours) -> putUnlessEmpty(out, tsid, Runs.subtract(ours, other.of(tsid))));
        return owning(out);
    }

    /** What is in both. */
    public GtidSet intersect(GtidSet other) {
        if (isEmpty() || other.isEmpty()) {
            return EMPTY;
        }
        NavigableMap<Tsid, long[]> out = new TreeMap<>();
        runs.forEach((tsid, ours) -> putUnlessEmpty(out, tsid, Runs.intersect(ours, other.of(tsid))));
        return owning(out);
    }

    /** Whether both hold some transaction. */
    public boolean intersects(GtidSet other) {
        return !intersect(other).isEmpty();
    }

    /** This and one more. */
    public GtidSet plus(Gtid gtid) {
        return contains(gtid) ? this : union(of(gtid.tsid(), new Interval(gtid.number(), gtid.number())));
    }

    /** Whether it holds nothing. */
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /** How many transactions it holds; {@link Long#MAX_VALUE} if more than that. */
    public long count() {
        long sum = 0;
        for (long[] ours : runs.values()) {
            long more = Runs.count(ours);
            if (sum > Long.MAX_VALUE - more) {
                return Long.MAX_VALUE;
            }
            sum += more;
        }
        return sum;
    }

    /** The sources it holds something of, in print order. */
    public SortedSet<Tsid> tsids() {
        return Collections.unmodifiableSortedSet(runs.navigableKeySet());
    }

    /** The runs of one source, ascending, neither touching nor overlapping; empty if it holds none. */
    public List<Interval> intervals(Tsid tsid) {
        long[] ours = of(tsid);
        List<Interval> intervals = new ArrayList<>(ours.length / 2);
        for (int i = 0; i < ours.length; i += 2) {
            intervals.add(new Interval(ours[i], ours[i + 1]));
        }
        return Collections.unmodifiableList(intervals);
    }

    /** The greatest number it holds of one source. */
    public OptionalLong last(Tsid tsid) {
        long[] ours = of(tsid);
        return ours.length == 0 ? OptionalLong.empty() : OptionalLong.of(ours[ours.length - 1]);
    }

    /** What it lacks below the greatest number that it holds of each source: MySQL gives those numbers out first. */
    public GtidSet holes() {
        NavigableMap<Tsid, long[]> whole = new TreeMap<>();
        runs.forEach((tsid, ours) -> whole.put(tsid, new long[] {1, ours[ours.length - 1]}));
        return owning(whole).subtract(this);
    }

    /** The part whose originating server satisfies the condition. */
    public GtidSet restrictedTo(Predicate<UUID> uuids) {
        NavigableMap<Tsid, long[]> out = new TreeMap<>();
        runs.forEach((tsid, ours) -> {
            if (uuids.test(tsid.uuid())) {
                out.put(tsid, ours);
            }
        });
        return out.size() == runs.size() ? this : owning(out);
    }

    /** The first transactions in print order, at most as many as the limit says. */
    public List<Gtid> first(int limit) {
        List<Gtid> out = new ArrayList<>();
        for (Tsid tsid : runs.keySet()) {
            for (Interval interval : intervals(tsid)) {
                for (long n = interval.first(); n <= interval.last(); n++) {
                    if (out.size() >= limit) {
                        return Collections.unmodifiableList(out);
                    }
                    out.add(new Gtid(tsid, n));
                }
            }
        }
        return Collections.unmodifiableList(out);
    }

    /** The runs of a source, not to be changed. */
    long[] of(Tsid tsid) {
        return Objects.requireNonNullElse(runs.get(tsid), Runs.NONE);
    }

    private static void putUnlessEmpty(Map<Tsid, long[]> out, Tsid tsid, long[] runs) {
        if (runs.length > 0) {
            out.put(tsid, runs);
        }
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof GtidSet that) || runs.size() != that.runs.size()) {
            return false;
        }
        for (Map.Entry<Tsid, long[]> entry : runs.entrySet()) {
            if (!Arrays.equals(entry.getValue(), that.of(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Map.Entry<Tsid, long[]> entry : runs.entrySet()) {
            hash = 31 * hash + entry.getKey().hashCode() * 31 + Arrays.hashCode(entry.getValue());
        }
        return hash;
    }

    /** MySQL's normalised form on one line: {@code uuid:1-5:7:tag:1-2,uuid:1}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        UUID before = null;
        for (Tsid tsid : runs.keySet()) {
            if (!tsid.uuid().equals(before)) {
                out.append(before == null ? "" : ",").append(tsid.uuid());
                before = tsid.uuid();
            }
            if (tsid.isTagged()) {
                out.append(':').append(tsid.tag());
            }
            intervals(tsid).forEach(interval -> out.append(':').append(interval));
        }
        return out.toString();
    }
}

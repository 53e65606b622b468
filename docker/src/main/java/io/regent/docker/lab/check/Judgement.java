package io.regent.docker.lab.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what the checkers find. */
public final class Judgement {
    private static final int MOST_SHOWN = 20;

    private final Map<Invariant, Entry> entries = new EnumMap<>(Invariant.class);
    private long rows;

    private static final class Entry {
        private final List<String> examined = new ArrayList<>();
        private final List<String> examples = new ArrayList<>();
        private long violations;
    }

    private Entry entry(Invariant invariant) {
        return entries.computeIfAbsent(invariant, absent -> new Entry());
    }

    /** Something must be examined for this invariant: it is found not to hold if nothing is. */
    public void promised(Invariant invariant) {
        entry(invariant);
    }

    /** A checker looked at so many of these, in a few words; to have looked at none proves nothing and is not noted. */
    public void examined(Invariant invariant, long count, String what) {
        if (count > 0) {
            entry(invariant).examined.add(count + " " + what);
        }
    }

    /** The invariant does not hold here. */
    public void violated(Invariant invariant, String where) {
        violated(invariant, 1, List.of(where));
    }

    /** The invariant does not hold in so many cases, of which some are shown. */
    public void violated(Invariant invariant, long count, List<String> examples) {
        Entry entry = entry(invariant);
        entry.violations += count;
        examples.stream().limit(MOST_SHOWN - entry.examples.size()).forEach(entry.examples::add);
    }

    /** So many rows were compared between the regions. */
    public void compared(long count) {
        rows += count;
    }

    /** What was found so far. */
    public Verdict verdict() {
        List<Finding> findings = new ArrayList<>();
        entries.forEach((invariant, entry) ->
                findings.add(new Finding(invariant, entry.examined, entry.violations, entry.examples)));
        return new Verdict(findings, rows);
    }
}

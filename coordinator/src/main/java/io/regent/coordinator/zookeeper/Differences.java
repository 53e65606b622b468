package io.regent.coordinator.zookeeper;

import java.util.List;
import java.util.stream.Stream;

/**
 * Rows or definitions that a comparison of regions found not to be the same, or that a skip made so, and that no later
 * comparison found equal. As
 * long as it stands, an operator's move is refused: what one of the regions has would become what everybody reads.
 *
 * @param found when, as ISO 8601 in UTC
 * @param regions which were compared
 * @param total how many rows and definitions differ; 0 if a later comparison found them equal
 * @param examples the first of them, a line each
 */
public record Differences(String found, List<String> regions, long total, List<String> examples) {
    /** How many lines are kept. */
    public static final int MOST_EXAMPLES = 20;

    /** Copies the lists. */
    public Differences {
        regions = List.copyOf(regions);
        examples = List.copyOf(examples);
    }

    /** What is left of it once a comparison found it equal. */
    Differences gone() {
        return new Differences(found, regions, 0, List.of());
    }

    /** The same, with what was known before of regions that are not among these. */
    public Differences beside(Differences before) {
        if (!before.stand() || regions.containsAll(before.regions)) {
            return this;
        }
        List<String> all = Stream.concat(regions.stream(), before.regions.stream())
                .distinct()
                .toList();
        List<String> lines = Stream.concat(examples.stream(), before.examples.stream())
                .distinct()
                .limit(MOST_EXAMPLES)
                .toList();
        return new Differences(found, all, total + before.total, lines);
    }

    /** The same, and more that is known without a comparison: it takes nothing back. */
    public Differences and(Differences more) {
        if (!stand()) {
            return more;
        }
        List<String> all = Stream.concat(more.regions.stream(), regions.stream())
                .distinct()
                .toList();
        List<String> lines = Stream.concat(more.examples.stream(), examples.stream())
                .distinct()
                .limit(MOST_EXAMPLES)
                .toList();
        return new Differences(more.found, all, total + more.total, lines);
    }

    /** Whether anything differs still. */
    public boolean stand() {
        return total > 0;
    }

    /** For a human, with the first example. */
    public String line() {
        return "data is known to differ between " + String.join(", ", regions) + ": " + total
                + " rows or definitions, found by verify or made by a skip at " + found
                + examples.stream().findFirst().map(one -> " (" + one + ")").orElse("");
    }
}

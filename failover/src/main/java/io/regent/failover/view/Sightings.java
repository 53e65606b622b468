package io.regent.failover.view;

import io.regent.failover.timing.Moment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Since when a coordinator has seen things as they are.
 *
 * @param marks what was seen last, by name, and when first
 */
public record Sightings(Map<String, Sighting> marks) {
    /** Nothing seen yet. */
    public static final Sightings NONE = new Sightings(Map.of());

    /**
     * One thing seen.
     *
     * @param mark its version or number
     * @param since when this mark was first seen; never before it was there
     */
    public record Sighting(long mark, Moment since) {}

    /** These and what is seen now; a mark that did not change keeps its moment. */
    public Sightings plus(Map<String, Long> seen, Moment at) {
        if (isSame(seen)) {
            return this;
        }
        Map<String, Sighting> next = new HashMap<>();
        seen.forEach((name, mark) -> {
            Sighting before = marks.get(name);
            next.put(name, before != null && before.mark == mark ? before : new Sighting(mark, at));
        });
        return new Sightings(Map.copyOf(next));
    }

    private boolean isSame(Map<String, Long> seen) {
        for (Map.Entry<String, Long> entry : seen.entrySet()) {
            Sighting before = marks.get(entry.getKey());
            if (before == null || before.mark != entry.getValue()) {
                return false;
            }
        }
        return seen.size() == marks.size();
    }

    /** Those of these names alone. */
    Sightings only(Set<String> names) {
        Map<String, Sighting> kept = new HashMap<>(marks);
        kept.keySet().retainAll(names);
        return new Sightings(Map.copyOf(kept));
    }

    /** The mark that this name carries, if it was seen. */
    public Optional<Long> markOf(String name) {
        return Optional.ofNullable(marks.get(name)).map(Sighting::mark);
    }

    /** Since when this name has carried this mark, if it does. */
    public Optional<Moment> since(String name, long mark) {
        return Optional.ofNullable(marks.get(name))
                .filter(sighting -> sighting.mark == mark)
                .map(Sighting::since);
    }
}

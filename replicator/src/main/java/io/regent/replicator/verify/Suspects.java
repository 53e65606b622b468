package io.regent.replicator.verify;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Things that were seen to differ between regions, looked at again until each is decided.
 *
 * <p>Acquitted is what all regions were seen to hold alike, be it at different moments: regions that are written to go
 * through the same states, each at its own time. Convicted is what differs and stood still in every region through
 * several looks, between which every region executed all that any had.
 *
 * @param <K> what names a thing
 * @param <V> what a region holds of it, with value equality
 */
final class Suspects<K, V> {
    /** Many, for the sake of rows that go back and forth between two states, and are seen in the other one here each time. */
    private static final int LOOKS = 6;

    /** More than one: a change is seen a moment before its GTID is. */
    static final int QUIET_LOOKS = 3;

    private final V absent;
    private final Map<K, Case<V>> open = new LinkedHashMap<>();
    private final Map<K, Map<String, V>> convicted = new LinkedHashMap<>();
    private int acquitted;

    private static final class Case<V> {
        private final Map<String, Set<V>> seen = new HashMap<>();
        private Map<String, V> last;
        private int still;

        Case(Map<String, V> first) {
            this.last = first;
            remember(first);
        }

        void look(Map<String, V> now) {
            still = now.equals(last) ? still + 1 : 0;
            last = now;
            remember(now);
        }

        private void remember(Map<String, V> now) {
            now.forEach((region, value) ->
                    seen.computeIfAbsent(region, r -> new HashSet<>()).add(value));
        }

        boolean wasAlike() {
            Iterator<Set<V>> regions = seen.values().iterator();
            Set<V> common = new HashSet<>(regions.next());
            regions.forEachRemaining(common::retainAll);
            return !common.isEmpty();
        }
    }

    /** @param absent what stands for nothing */
    Suspects(V absent) {
        this.absent = absent;
    }

    /** Suspects whatever is not the same in all these regions. */
    static <K, V> Suspects<K, V> among(Map<String, Map<K, V>> regions, V absent) {
        Suspects<K, V> suspects = new Suspects<>(absent);
        regions.values()
                .forEach(things -> things.keySet().forEach(key -> suspects.add(key, suspects.of(regions, key))));
        return suspects;
    }

    /** Region to what it holds, for every region; ignored if it is the same everywhere. */
    void add(K key, Map<String, V> first) {
        if (new HashSet<>(first.values()).size() > 1) {
            open.putIfAbsent(key, new Case<>(first));
        }
    }

    /**
     * Takes another look at what is undecided.
     *
     * @param regions region to what it holds now; what is not in there is absent
     * @param last whether there will be no better look, so that all that differs is convicted
     * @param quiet whether no region executed anything for at least {@value #QUIET_LOOKS} looks
     */
    void look(Map<String, Map<K, V>> regions, boolean last, boolean quiet) {
        for (K key : Set.copyOf(open.keySet())) {
            Case<V> one = Objects.requireNonNull(open.get(key));
            one.look(of(regions, key));
            if (one.wasAlike()) {
                open.remove(key);
                acquitted++;
            } else if (last || one.still >= (quiet ? QUIET_LOOKS : LOOKS)) {
                open.remove(key);
                convicted.put(key, one.last);
            }
        }
    }

    private Map<String, V> of(Map<String, Map<K, V>> regions, K key) {
        Map<String, V> values = new LinkedHashMap<>();
        regions.forEach((region, things) -> values.put(region, things.getOrDefault(key, absent)));
        return values;
    }

    /** What is undecided. */
    Set<K> open() {
        return Set.copyOf(open.keySet());
    }

    /** What differs for good, with what each region holds. */
    Map<K, Map<String, V>> convicted() {
        return convicted;
    }

    /** How many were found to be alike after all. */
    int acquitted() {
        return acquitted;
    }

    int size() {
        return open.size() + convicted.size() + acquitted;
    }
}

package io.regent.docker.lab.sample;

import io.regent.docker.lab.check.SnapshotRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The offences found so far, each once; a fleeting one once two snapshots in a row have shown it. Keeps the first
 * {@value #MOST}. Thread-safe.
 */
final class Breaches {
    static final int MOST = 1000;

    private final Map<String, Set<String>> fleeting = new HashMap<>();
    private final Map<String, Long> snapshots = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<Breach> all = new ArrayList<>();

    /**
     * Adds what one snapshot showed.
     *
     * @param rules those that it was held against
     */
    synchronized void add(String region, List<SnapshotRule> rules, List<Breach> found) {
        rules.forEach(rule -> snapshots.merge(key(region, rule), 1L, Long::sum));
        Set<String> before = fleeting.getOrDefault(region, Set.of());
        found.stream()
                .filter(breach -> !breach.fleeting() || before.contains(breach.identity()))
                .filter(breach -> all.size() < MOST && known.add(breach.identity()))
                .forEach(all::add);
        fleeting.put(
                region,
                found.stream().filter(Breach::fleeting).map(Breach::identity).collect(Collectors.toSet()));
    }

    /** How many snapshots of a region were held against a rule. */
    synchronized long snapshots(String region, SnapshotRule rule) {
        return snapshots.getOrDefault(key(region, rule), 0L);
    }

    synchronized List<Breach> all() {
        return List.copyOf(all);
    }

    private static String key(String region, SnapshotRule rule) {
        return region + ' ' + rule.examined();
    }
}

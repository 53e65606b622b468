package io.regent.docker.lab.report.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run of a drill.
 *
 * @param name the drill's
 * @param purpose what it proves, in a sentence
 * @param began when, ISO 8601
 * @param tookMillis how long
 * @param seed of all that was chosen at random
 * @param settings what else a reader must know to run it again, such as fleet, versions and load; in this order
 */
public record DrillRun(
        String name, String purpose, String began, long tookMillis, long seed, Map<String, String> settings) {
    /** Copies the map in its order. */
    public DrillRun {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
}

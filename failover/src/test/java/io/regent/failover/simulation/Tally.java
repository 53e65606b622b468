package io.regent.failover.simulation;

import io.regent.failover.model.Master;
import java.util.HashMap;
import java.util.Map;

/** How often what happened in a run: a simulation in which nothing happens breaks nothing. */
final class Tally {
    private long acknowledged;
    private long handOvers;
    private long failovers;
    private long verdicts;
    private long stalls;
    private long resumed;

    /** By region: the epoch in which the rewind began that is not done with. */
    private final Map<String, Long> rewinding = new HashMap<>();

    void acknowledged() {
        acknowledged++;
    }

    void handedOver() {
        handOvers++;
    }

    void failedOver() {
        failovers++;
    }

    void rewritten(Master old, Master next) {
        verdicts += next.verdict() != old.verdict() ? 1 : 0;
        stalls += "release:stalled".equals(next.closing()) && old.closing() == null ? 1 : 0;
    }

    void rewinds(String region, long epoch) {
        rewinding.put(region, epoch);
    }

    void replaced(String region) {
        rewinding.remove(region);
    }

    void settled(String region, long epoch) {
        Long then = rewinding.remove(region);
        resumed += then != null && then < epoch ? 1 : 0;
    }

    long acknowledgedWrites() {
        return acknowledged;
    }

    long handOvers() {
        return handOvers;
    }

    long failovers() {
        return failovers;
    }

    long verdicts() {
        return verdicts;
    }

    /** How often a holder gave up because its commits hung. */
    long stalls() {
        return stalls;
    }

    /** How often a rewind that began in one epoch was done with in a later one. */
    long rewoundInALaterEpoch() {
        return resumed;
    }

    @Override
    public String toString() {
        return acknowledged + " writes, " + handOvers + " hand-overs, " + failovers + " failovers";
    }
}

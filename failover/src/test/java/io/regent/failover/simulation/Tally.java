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

    /** By region: the epoch in which the settling of a verdict was broken off. */
    private final Map<String, Long> brokenOff = new HashMap<>();

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

    void brokenOff(String region, long epoch) {
        brokenOff.putIfAbsent(region, epoch);
    }

    void settled(String region, long epoch) {
        Long then = brokenOff.remove(region);
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

    /** How often a verdict that was being settled in one epoch was done with in a later one. */
    long settledInALaterEpoch() {
        return resumed;
    }

    @Override
    public String toString() {
        return acknowledged + " writes, " + handOvers + " hand-overs, " + failovers + " failovers";
    }
}

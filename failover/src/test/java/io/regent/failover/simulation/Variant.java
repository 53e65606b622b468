package io.regent.failover.simulation;

import io.regent.failover.decide.ObserverRules;
import io.regent.failover.decide.RegionRules;

/**
 * The code under test: the real rules, or broken ones.
 *
 * @param name what it is
 * @param region rules of a region
 * @param observer rules of an observer
 * @param readRenews an executor that takes an unchanged {@code /master} in a read for a renewal when the write fails
 * @param retriesBadVersion an executor that takes BadVersion for a lost race and writes the same again on the version
 *     it finds
 */
public record Variant(
        String name, RegionRules region, ObserverRules observer, boolean readRenews, boolean retriesBadVersion) {
    @Override
    public String toString() {
        return name;
    }
}

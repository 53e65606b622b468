package io.regent.failover.simulation;

import io.regent.failover.decide.ObserverRules;
import io.regent.failover.decide.RegionRules;
import java.util.Set;

/**
 * The code under test: the real rules, or broken ones.
 *
 * @param name what it is
 * @param region rules of a region
 * @param observer rules of an observer
 * @param flaws what else is broken
 */
public record Variant(String name, RegionRules region, ObserverRules observer, Set<Flaw> flaws) {
    boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    @Override
    public String toString() {
        return name;
    }
}

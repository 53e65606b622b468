package io.regent.failover.simulation;

import io.regent.failover.decide.ObserverRules;
import io.regent.failover.decide.RegionRules;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The code under test: the real rules, or broken ones.
 *
 * @param name what it is
 * @param region rules of a region
 * @param observer rules of an observer
 * @param flaws what else is broken
 * @param breaks the invariants of which it must be seen to break one; what else it breaks is no proof
 * @param season what strikes most often while it is looked at; null if that is left to the seed, as for the real rules
 */
public record Variant(
        String name,
        RegionRules region,
        ObserverRules observer,
        Set<Flaw> flaws,
        Set<String> breaks,
        @Nullable Strike season) {
    /** Whether this is broken. */
    public boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    /** Whether this is what must be seen of it. */
    boolean isCaughtBy(Violation violation) {
        return breaks.contains(violation.invariant());
    }

    /** The same with one more flaw. */
    public Variant with(Flaw flaw) {
        Set<Flaw> all = EnumSet.of(flaw);
        all.addAll(flaws);
        return new Variant(name, region, observer, all, breaks, season);
    }

    /** The same, which is to be seen to break one of these invariants. */
    public Variant breaking(String... invariants) {
        return new Variant(name, region, observer, flaws, Set.of(invariants), season);
    }

    /** The same in other weather. */
    public Variant in(Strike weather) {
        return new Variant(name, region, observer, flaws, breaks, weather);
    }

    @Override
    public String toString() {
        return name;
    }
}

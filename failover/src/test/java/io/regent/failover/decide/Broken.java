package io.regent.failover.decide;

import io.regent.failover.model.RegionState;
import io.regent.failover.simulation.Flaw;
import io.regent.failover.simulation.Variant;
import io.regent.failover.view.LocalState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How variants are made of the real rules and broken ones. */
final class Broken {
    private Broken() {}

    static Variant in(String name, List<Rule> region, List<Rule> observer) {
        return new Variant(
                name,
                new RegionRules(Mutants.timing(), region),
                new ObserverRules(Mutants.timing(), observer),
                Set.of(),
                Set.of(),
                null);
    }

    static Variant hands(String name, Flaw flaw) {
        return in(name, RegionRules.standard(), ObserverRules.standard()).with(flaw);
    }

    static Variant region(String name, Rule... broken) {
        return in(name, replaced(RegionRules.standard(), broken), ObserverRules.standard());
    }

    static Variant observer(String name, Rule... broken) {
        return in(name, RegionRules.standard(), replaced(ObserverRules.standard(), broken));
    }

    /** Links run in an epoch before the set that they add to was read for it. */
    static Variant unrecorded() {
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : RegionRules.standard()) {
            if (rule instanceof Recording) {
                rules.add(new BrokenRules.BeforeRecording());
            }
            if (!(rule instanceof Linking)) {
                rules.add(rule);
            }
        }
        return in("an epoch not recorded before a link goes past the cut", rules, ObserverRules.standard())
                .with(Flaw.ADMITS_UNRECORDED);
    }

    /** A move's target may be a region that has diverged. */
    static Variant toDiverged() {
        Announcing announcing = new Announcing() {
            @Override
            boolean isFit(Situation now, RegionState target) {
                return true;
            }
        };
        Closing closing = new Closing() {
            @Override
            boolean isFit(Situation now, RegionState target) {
                return target.present();
            }
        };
        return region("a move to a region that has diverged", announcing, closing);
    }

    /** A server that was put back in time is as good as any. */
    static Variant fromCopies() {
        Renewing renewing = new Renewing() {
            @Override
            boolean isOlderCopy(Situation now, LocalState local) {
                return false;
            }
        };
        Opening opening = new Opening() {
            @Override
            String forgotten(Situation now) {
                return "";
            }
        };
        return region("numbers issued twice after a restore", renewing, opening);
    }

    /** Links run before the verdicts that their epoch began with are settled. */
    static Variant lateVerdicts() {
        List<Rule> rules = replaced(RegionRules.standard(), new BrokenRules.BeforeVerdicts());
        Rule settling = rules.stream()
                .filter(rule -> rule instanceof Settling)
                .findFirst()
                .orElseThrow();
        rules.remove(settling);
        rules.add(settling);
        return in("a verdict read later than its epoch", rules, ObserverRules.standard());
    }

    static List<Rule> without(Class<? extends Rule> kind, List<Rule> standard) {
        return standard.stream().filter(rule -> !kind.isInstance(rule)).toList();
    }

    private static List<Rule> replaced(List<Rule> standard, Rule... broken) {
        List<Rule> rules = new ArrayList<>(standard);
        for (Rule one : broken) {
            Class<?> whole = Objects.requireNonNull(one.getClass().getSuperclass());
            rules.replaceAll(rule -> rule.getClass() == whole ? one : rule);
        }
        return rules;
    }
}

package io.regent.failover.cycle;

import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Grant;
import io.regent.failover.action.Outcome;
import io.regent.failover.decide.Mutants;
import io.regent.failover.simulation.Flaw;
import io.regent.failover.simulation.Variant;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.Memory;
import io.regent.failover.view.Memory.Held;
import java.util.function.Supplier;

/** Cycles for the simulation: the real one under real or broken rules, one of a former version, broken ones. */
public final class Cycles {
    private Cycles() {}

    /** A process that just started, of this variant. */
    public static Cycle of(Cycle.Who who, Variant variant, boolean former, Supplier<String> tokens) {
        return new Varied(who, variant, former, tokens);
    }

    private static final class Varied extends Cycle {
        private final Variant variant;
        private final boolean former;

        Varied(Who who, Variant variant, boolean former, Supplier<String> tokens) {
            super(who, variant.region(), variant.observer(), Mutants.timing().period(), tokens);
            this.variant = variant;
            this.former = former;
        }

        @Override
        boolean isEnough(Outcome outcome) {
            return super.isEnough(outcome) || variant.has(Flaw.ENDS_ITS_LISTS);
        }

        @Override
        Memory remember(Action action, Outcome outcome, Moment before, Moment after) {
            Memory now = super.remember(action, outcome, before, after);
            Held held = now.held();
            return action instanceof Grant && held != null && variant.has(Flaw.COUNTS_FROM_REPLY)
                    ? now.withHeld(new Held(held.nonce(), held.epoch(), after))
                    : now;
        }

        /** A former version always looked at ZooKeeper. */
        @Override
        boolean goesOn(Decision done, Moment after) {
            return !former && super.goesOn(done, after);
        }
    }
}

package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import org.jspecify.annotations.Nullable;

/** One question a coordinator asks itself; the first rule with an answer decides. */
interface Rule {
    /** What to do, or null if this rule has nothing to say. */
    @Nullable Decision decide(Situation now);
}

package io.regent.failover.cycle;

import io.regent.failover.action.Action;
import io.regent.failover.action.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What whoever drives a {@link Cycle} is to do next. Any time may pass before it is done, or it may never be. */
public sealed interface Step {
    /** To look at ZooKeeper, and to tell by {@link Cycle#sawCluster}. */
    record LookAtCluster() implements Step {}

    /**
     * To look at the own MySQL, and to tell by {@link Cycle#sawServer}.
     *
     * @param forBlockers whether also for sessions that would hold a closing up
     */
    record LookAtServer(boolean forBlockers) implements Step {}

    /** To perform this, and to tell by {@link Cycle#did}. */
    record Perform(Action action) implements Step {}

    /**
     * To wait, and to tell by {@link Cycle#rested}.
     *
     * @param longest how long, unless something wakes it
     * @param failed why no more of a list was performed; null if all of it was, or there was none
     */
    record Rest(Duration longest, @Nullable Failed failed) implements Step {}

    /**
     * An action that was not done.
     *
     * @param again whether the same came to nothing a short time ago, and was told then
     */
    record Failed(Action action, Outcome outcome, boolean again) {
        /** What was not done, and why, for the log. */
        public String words() {
            return words(action, outcome);
        }

        static String words(Action action, Outcome outcome) {
            return action.getClass().getSimpleName() + " " + outcome.result() + ": " + outcome.why();
        }
    }
}

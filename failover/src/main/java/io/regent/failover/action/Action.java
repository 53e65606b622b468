package io.regent.failover.action;

import io.regent.failover.timing.Moment;
import io.regent.failover.view.Memory;

/**
 * One step of a decision, with one effect. An executor performs the actions of a list in order, keeps what each leaves
 * to be remembered, and stops at the first that is not DONE. It judges nothing: between any two actions it may be
 * paused for any time, or end for ever.
 */
public sealed interface Action permits MysqlAction, ProcessAction, ZookeeperAction {
    /** Performs it by the hands that can. */
    Outcome perform(Hands hands);

    /**
     * What is remembered of it.
     *
     * @param memory what was known before
     * @param outcome what came of it
     * @param before a moment before it was begun
     */
    default Memory remember(Memory memory, Outcome outcome, Moment before) {
        return memory;
    }
}

package io.regent.failover.action;

import io.regent.failover.history.Deliverable;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.Memory;
import io.regent.failover.view.Memory.Links;

/** A step in the coordinator's own process. */
public sealed interface ProcessAction extends Action {

    /**
     * Tells the links of this process to end, and waits for nothing: {@link StopLinks} does, in the same list. What they
     * have still to answer goes on meanwhile.
     *
     * <p>DONE: each will be told, on a thread of its own. Until {@link StopLinks} is done any of them may still begin
     * something.
     */
    record EndLinks(long incarnation) implements ProcessAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.endLinks(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withLinks(new Links(incarnation, 0, null));
        }
    }

    /**
     * Stops the links of this process and lets what they are applying end.
     *
     * <p>Whatever comes of it, none of them begins anything any more. DONE: none of their sessions is left. REFUSED: one
     * does not end.
     *
     * @param incarnation the coordinator's
     * @param quietEpoch the epoch for which the guards were raised just before, so that nothing of anybody is being
     *     applied afterwards; 0 if they were not
     */
    record StopLinks(long incarnation, long quietEpoch) implements ProcessAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.stopLinks(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withLinks(new Links(incarnation, outcome.isDone() ? quietEpoch : 0, null));
        }
    }

    /**
     * Starts a link from every other region, none of which is running. Each registers with the guard of its source
     * under the epoch of what is deliverable and this incarnation, and asks its source for the source's epoch at
     * connect and with each heartbeat.
     *
     * <p>DONE: started, whatever becomes of them.
     */
    record RunLinks(Deliverable deliverable, long incarnation) implements ProcessAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.runLinks(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withLinks(new Links(incarnation, 0, deliverable));
        }
    }

    /** Ends the process at once: the lease is over and the MySQL cannot be seen to be closed; the dead-man decides. */
    record Halt() implements ProcessAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.halt(this);
        }
    }
}

package io.regent.failover.action;

import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Reach;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.Memory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step in ZooKeeper: one multi. */
public sealed interface ZookeeperAction extends Action {

    /**
     * Middle step of a renewal: {@code multi(check(/master, masterVersion), setData(/regions/R/lease, lease, any))}.
     * Nothing but OK of this write renews.
     *
     * <p>REFUSED: the check failed. UNKNOWN: no answer. Neither is repeated by the executor.
     */
    record Renew(String region, int masterVersion, Lease lease) implements ZookeeperAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.renew(this);
        }
    }

    /**
     * The only way {@code /master} changes: {@code multi(checks..., setData(/master, to, version of from), and, if an
     * epoch ends, create(/history/EPOCH, ended))}.
     *
     * <p>Never REFUSED: BadVersion too is UNKNOWN, because the client library may have sent it twice [BadVersion of a
     * retry that had succeeded]. After UNKNOWN the coordinator reads back through a write before it decides anything
     * else, and stays closed meanwhile.
     *
     * @param from what it was decided on
     * @param to what it becomes
     * @param checks znodes that must not have changed either
     * @param ended the epoch that this ends, or null
     * @param why what an operator reads in the log
     */
    record ChangeMaster(
            Znode<Master> from,
            Master to,
            List<Check> checks,
            @Nullable Ended ended,
            String why) implements ZookeeperAction {
        /**
         * Checks what it is made of.
         *
         * @throws IllegalArgumentException if the epoch does not end exactly when the region changes hands
         */
        public ChangeMaster {
            checks = List.copyOf(checks);
            if ((ended != null) != (to.epoch() == from.value().epoch() + 1)) {
                throw new IllegalArgumentException("from " + from + " to " + to + " ends " + ended);
            }
        }

        @Override
        public Outcome perform(Hands hands) {
            return hands.changeMaster(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withUnsure(!outcome.isDone());
        }
    }

    /**
     * A znode that must still have this version.
     *
     * @param kind what it is
     * @param name the region of a lease, the id of a plan; empty where there is one only
     * @param version the version that was seen
     */
    record Check(Kind kind, String name, int version) {
        /** What is checked. */
        public enum Kind {
            /** {@code /regions/NAME/lease}. */
            LEASE,
            /** {@code /plans/NAME}. */
            PLAN,
            /** {@code /policy}. */
            POLICY
        }
    }

    /**
     * Writes a plan: a frozen union, or an order that is called off or taken up: {@code multi(check(/master, masterVersion),
     * create or setData(/plans/ID, plan))}.
     *
     * @param planVersion the version it replaces, or -1 to create it
     */
    record WritePlan(int masterVersion, Plan plan, int planVersion) implements ZookeeperAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.writePlan(this);
        }
    }

    /**
     * Writes the region's report by compare-and-set.
     *
     * @param reportVersion the version it replaces, or -1 to create it
     */
    record Publish(String region, Report report, int reportVersion) implements ZookeeperAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.publish(this);
        }
    }

    /**
     * Writes by compare-and-set whom the region reaches.
     *
     * @param reachVersion the version it replaces, or -1 to create it
     */
    record PublishReach(String region, Reach reach, int reachVersion) implements ZookeeperAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.publishReach(this);
        }
    }

    /**
     * Records a verdict and its number in {@code /master} in one multi: {@code multi(setData(/master, version of from),
     * create(/verdicts/N, verdict))}. Answered as {@link ChangeMaster} is.
     *
     * @param from what it was computed under
     * @param attempt id of this attempt
     */
    record Judge(Znode<Master> from, Verdict verdict, String attempt) implements ZookeeperAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.judge(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withUnsure(!outcome.isDone());
        }
    }

    /**
     * Takes the word of a {@code /master} back that is older than what a MySQL recorded: from then on nobody can read it as
     * one, so nobody renews, opens or takes over, until {@code init --adopt-epoch}. Answered as {@link ChangeMaster} is.
     *
     * @param from what was seen
     * @param epoch the newest epoch that is known
     * @param why what everybody is told
     */
    record Withdraw(Znode<Master> from, long epoch, String why) implements ZookeeperAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.withdraw(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withUnsure(!outcome.isDone());
        }
    }

    /**
     * Writes anything of its own on the session that will read next; returns once that is answered, so that a
     * compare-and-set sent before has either happened or never will, and the next look shows it.
     */
    record ReadBack(String coordinator) implements ZookeeperAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.readBack(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withUnsure(memory.unsure() && !outcome.isDone());
        }
    }
}

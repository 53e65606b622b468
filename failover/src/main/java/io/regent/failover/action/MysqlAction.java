package io.regent.failover.action;

import io.regent.failover.model.Master;
import io.regent.failover.model.Verdict;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.Memory;
import io.regent.failover.view.Memory.Asking;
import io.regent.failover.view.Memory.Closed;
import io.regent.failover.view.Memory.Held;
import io.regent.failover.view.Memory.Spooled;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A step in the region's own MySQL, each one call of the fence or one statement of its records. */
public sealed interface MysqlAction extends Action {

    /**
     * First step of a renewal: {@code asked = nonce, asked_at} in the coordinator's own lease row.
     *
     * <p>DONE: the row was written and the dead-man has beaten since the last ask. REFUSED: SEALED, no new beat, or an
     * older copy of the server that was seen.
     *
     * @param nonce new with every ask
     * @param epoch the epoch it is for
     * @param beat the count that was seen before
     * @param asks how often a lease had been asked there by then
     */
    record Ask(String nonce, long epoch, long beat, long asks) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.ask(this);
        }

        /** The lease runs from before this step, and a failed one is not repeated at once. */
        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withAsking(new Asking(nonce, epoch, before, beat));
        }
    }

    /**
     * Last step of a renewal: {@code granted = nonce, granted_at = asked_at where asked = nonce}.
     *
     * <p>DONE: one row changed. REFUSED: none did, so this is no renewal. The lease is remembered from before the ask,
     * not from before this.
     *
     * @param nonce the nonce that was asked and written
     */
    record Grant(String nonce) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.grant(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            Asking asked = memory.asking();
            return outcome.isDone() && asked != null && asked.nonce().equals(nonce)
                    ? memory.withHeld(new Held(nonce, asked.epoch(), asked.since()))
                    : memory;
        }
    }

    /**
     * STANDBY to OPEN by {@code regent_local.open(epoch, nonce)}, which checks inside mysqld that it may and notes that
     * this MySQL opened in the epoch.
     *
     * <p>REFUSED: mysqld gave a reason.
     */
    record Open(long epoch, String nonce) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.open(this);
        }
    }

    /**
     * To SEALED, whatever clients hold: revoke every lease row, seal, confirm by its own OK and both variables, see to
     * prepared XA transactions, read the executed set, all under the lock that opening takes.
     *
     * <p>DONE: sealed and confirmed; carries the set and whether it is releasable. REFUSED and UNKNOWN: it may be open.
     *
     * @param masterVersion the version of {@code /master} that was seen to announce this closing, or -1
     * @param attempt the id of the attempt that announced it, or empty
     * @param urgency when clients are thrown out
     */
    record Close(int masterVersion, String attempt, Urgency urgency) implements MysqlAction {
        /** When clients are thrown out. */
        public enum Urgency {
            /** When they hold the closing up. */
            PATIENT,
            /** At once. */
            URGENT,
            /**
             * As PATIENT, and whoever has the global read lock does not hold it up: nobody can write the lease rows under
             * it, so they are not revoked, and nothing may be given up for it.
             */
            UNDER_READ_LOCK
        }

        /** One that nobody announced. */
        public static Close unannounced(boolean urgent) {
            return new Close(-1, "", urgency(urgent));
        }

        /** One that nobody announced, while a client has the global read lock. */
        public static Close underReadLock() {
            return new Close(-1, "", Urgency.UNDER_READ_LOCK);
        }

        private static Urgency urgency(boolean urgent) {
            return urgent ? Urgency.URGENT : Urgency.PATIENT;
        }

        /** One that {@code /master} announces. */
        public static Close announced(Znode<Master> master, boolean urgent) {
            return new Close(master.version(), master.value().attempt(), urgency(urgent));
        }

        @Override
        public Outcome perform(Hands hands) {
            return hands.close(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            @Nullable GtidSet executed = outcome.executed();
            return outcome.isDone()
                    ? memory.withClosed(
                            new Closed(masterVersion, attempt, Objects.requireNonNull(executed), outcome.releasable()))
                    : memory.withClosed(null);
        }
    }

    /**
     * Kills sessions that would hold a closing up, before it is announced: what they did is rolled back while others go on
     * writing.
     *
     * <p>DONE: they were told to end; the next look shows which have.
     */
    record EndBlockers(List<Long> sessions) implements MysqlAction {
        /** Copies the list. */
        public EndBlockers {
            sessions = List.copyOf(sessions);
        }

        @Override
        public Outcome perform(Hands hands) {
            return hands.endBlockers(this);
        }
    }

    /**
     * SEALED to STANDBY; lifts {@code offline_mode} and, under the lock that opening takes, {@code super_read_only} before
     * it revokes all nonces. It never touches {@code read_only} [one that comes late must not open anything, and must not
     * disturb one that is OPEN].
     *
     * <p>REFUSED: OPEN, or a prepared XA transaction is left.
     */
    record Standby() implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.standby(this);
        }
    }

    /**
     * Raises the guard row of every source to this epoch and incarnation, kills the apply sessions of all other
     * incarnations and returns when those threads have left the process list.
     *
     * <p>REFUSED: a row is higher, so this coordinator is the older one; or a killed thread does not go.
     */
    record RaiseGuards(long epoch, long incarnation) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.raiseGuards(this);
        }
    }

    /**
     * Stores the epoch, or the cut of the epoch that is stored. Only after {@code /master} was seen to say so.
     *
     * <p>REFUSED: a newer epoch is stored, or the server is OPEN or SEALED [one that is open under the epoch before
     * writes on while its set is published], or a later incarnation has set a guard [its apply sessions commit after the
     * set is read].
     *
     * @param incarnation under which the guards were raised to it
     */
    record RecordEpoch(long epoch, String region, @Nullable GtidSet cut, long incarnation) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.recordEpoch(this);
        }
    }

    /**
     * Begins a small write that goes into the binlog, as a client writes, on a session of its own, unless one is under way;
     * waits for nothing. One that gets through shows in the executed set.
     *
     * <p>DONE: one is under way; if one was before, the server is still at its commit or cannot store it. REFUSED: it failed
     * of something else, so that it says nothing about commits.
     *
     * @param first whether what came of earlier ones does not matter
     */
    record Probe(boolean first) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.probe(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return memory.withProbe(outcome.isDone(), before);
        }
    }

    /**
     * Saves what the region executed outside of history before anything of it is undone: full images, fsynced on the
     * coordinator's disk, then as ordinary rows at the master.
     *
     * <p>DONE: the master and, if there is another region that follows, one more have executed them. REFUSED: not yet, or it cannot
     * be read any more; the reason says which.
     */
    record Spool(long epoch, GtidSet stranded) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.spool(this);
        }

        @Override
        public Memory remember(Memory memory, Outcome outcome, Moment before) {
            return outcome.isDone() ? memory.withSpooled(new Spooled(epoch, stranded)) : memory;
        }
    }

    /**
     * Stores a verdict, unsettled, with what of it was executed here, once and for ever: settling adds to the executed
     * set, and after a crash nobody could tell what was committed empty from what must be undone.
     *
     * <p>REFUSED: another one of that number is stored, or the server is SEALED.
     */
    record StoreVerdict(Verdict verdict, GtidSet had) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.storeVerdict(this);
        }
    }

    /**
     * Settles a stored verdict: undoes what of it was executed here, commits empty what was not, and notes how. Only
     * while no link applies anything. Doing it again goes on where it was broken off.
     *
     * <p>REFUSED: something cannot be undone, so the region must be rebuilt; the reason names it. Nothing of that
     * transaction was touched.
     *
     * @param rewind what was stored as executed here, and what was executed of the verdicts that are to be settled next,
     *     which may build on it; not empty only in STANDBY
     */
    record Settle(Verdict verdict, GtidSet rewind) implements MysqlAction {
        @Override
        public Outcome perform(Hands hands) {
            return hands.settle(this);
        }
    }
}

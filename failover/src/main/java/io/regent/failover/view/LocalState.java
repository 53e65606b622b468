package io.regent.failover.view;

import io.regent.failover.model.WriteState;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.UUID;

/**
 * The own MySQL as the coordinator saw it. It is read after ZooKeeper was, and the executed set is read last, so the set
 * is never older than the epoch and the state that stand beside it.
 *
 * @param state its write state
 * @param preparedXa whether prepared XA transactions are left in it
 * @param offline whether it lets no clients in, as while it is closed, or after a closing that was not confirmed
 * @param uuid its server uuid
 * @param executed {@code gtid_executed}
 * @param recorded the epoch it knows
 * @param leases the lease rows of the region's coordinators
 * @param beat the dead-man's count
 * @param asks how often a lease was asked here, ever: it tells a server from an older copy of it
 * @param blockers sessions that would hold a closing up; looked for only while a move regards them
 * @param readLocked whether a client, a backup mostly, has the global read lock, so that nobody can write; looked for
 *     only once that kept a lease from being asked, or while it is SEALED
 */
public record LocalState(
        WriteState state,
        boolean preparedXa,
        boolean offline,
        UUID uuid,
        GtidSet executed,
        Recorded recorded,
        List<LeaseRow> leases,
        long beat,
        long asks,
        List<Blocker> blockers,
        boolean readLocked) {
    /** Copies the list. */
    public LocalState {
        blockers = List.copyOf(blockers);
    }

    /** One where nobody has the global read lock. */
    public LocalState(
            WriteState state,
            boolean preparedXa,
            boolean offline,
            UUID uuid,
            GtidSet executed,
            Recorded recorded,
            List<LeaseRow> leases,
            long beat,
            long asks,
            List<Blocker> blockers) {
        this(state, preparedXa, offline, uuid, executed, recorded, leases, beat, asks, blockers, false);
    }

    /** One where nobody looked for sessions that would hold a closing up, either. */
    public LocalState(
            WriteState state,
            boolean preparedXa,
            boolean offline,
            UUID uuid,
            GtidSet executed,
            Recorded recorded,
            List<LeaseRow> leases,
            long beat,
            long asks) {
        this(state, preparedXa, offline, uuid, executed, recorded, leases, beat, asks, List.of());
    }

    /** Whether another coordinator of the region holds a live nonce. */
    public boolean leasedByOther(String coordinator) {
        return leases.stream().anyMatch(row -> row.live() && !row.coordinator().equals(coordinator));
    }

    /** Whether the coordinator's own row is live, be it from before its restart. */
    public boolean leasedBy(String coordinator) {
        return leases.stream().anyMatch(row -> row.live() && row.coordinator().equals(coordinator));
    }

    /** Whether applications can write. */
    public boolean isOpen() {
        return state == WriteState.OPEN;
    }

    /** The same after it was opened under the epoch that it has recorded. */
    public LocalState opened() {
        Recorded now = new Recorded(
                recorded.epoch(),
                recorded.region(),
                recorded.cut(),
                recorded.epoch(),
                recorded.settledVerdicts(),
                recorded.had());
        return new LocalState(
                WriteState.OPEN, preparedXa, offline, uuid, executed, now, leases, beat, asks, blockers, readLocked);
    }

    /** The same, with a client that has the global read lock or none. */
    public LocalState withReadLock(boolean locked) {
        return new LocalState(
                state, preparedXa, offline, uuid, executed, recorded, leases, beat, asks, blockers, locked);
    }

    /** Whether it opened under the epoch that it has recorded, and a read lock alone keeps it from going on under that. */
    public boolean isPaused() {
        return readLocked && recorded.epoch() > 0 && recorded.openedEpoch() == recorded.epoch();
    }
}

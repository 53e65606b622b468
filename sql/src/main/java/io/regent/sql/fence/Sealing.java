package io.regent.sql.fence;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One closing of a server, bounded whatever its clients hold (FACTS.md, "Closing a MySQL").
 *
 * <p>Under the state lock: revoke the lease rows, {@code read_only}, {@code super_read_only}, both confirmed; kill
 * sessions with an open XA transaction; list prepared ones; read the executed set; then variables, XA and set once
 * more.
 */
final class Sealing {
    private static final int READINGS = 5;

    private final Connection session;
    private final Connection bounded;
    private final int ownTimeoutMillis;
    private final Evictor evictor;
    private final ClosingMode mode;
    private final XaTransactions xa;
    private final StateLock lock;
    private final long start = System.nanoTime();
    private final long deadline;
    private final List<String> problems = new ArrayList<>();

    private boolean revoked;
    private boolean sealed;
    private boolean evicted;
    private boolean stable;
    private Duration took = Duration.ZERO;

    /**
     * Nothing is done yet, but its time runs.
     *
     * @param ownTimeoutMillis the session's network timeout, which it gets back
     */
    Sealing(
            Connection session,
            int ownTimeoutMillis,
            Evictor evictor,
            Clients clients,
            ClosingMode mode,
            Duration limit) {
        this.deadline = start + limit.toNanos();
        this.session = session;
        this.bounded = BoundedSession.until(deadline, session, System::nanoTime);
        this.ownTimeoutMillis = ownTimeoutMillis;
        this.evictor = evictor;
        this.mode = mode;
        this.xa = new XaTransactions(bounded, clients);
        this.lock = new StateLock(bounded);
    }

    ClosingReport run() {
        Reading reading = Reading.NONE;
        try {
            boundWaits();
            if (close()) {
                reading = readTwice();
                sealed = reading.state == WriteState.SEALED;
                leaveOrKeepOffline(reading.prepared);
            }
        } catch (SQLException e) {
            stable = false;
            problems.add(MysqlErrors.message(e));
        } finally {
            unbind();
        }
        return new ClosingReport(
                mode, sealed, revoked, evicted, stable, reading.prepared, reading.executed, took, problems);
    }

    private Reading readTwice() throws SQLException {
        boolean gone = xa.killOpen(deadline);
        if (!gone) {
            problems.add("a session with an open XA transaction was killed and is still there");
        }
        Reading before = read();
        for (int i = 1; i < READINGS; i++) {
            Reading now = read();
            stable = gone && now.equals(before) && now.state == WriteState.SEALED;
            if (stable) {
                return now;
            }
            before = now;
        }
        return before;
    }

    /** Whether it is SEALED, by the OK of the own statements and by both variables. */
    private boolean close() throws SQLException {
        // Clients are not thrown out for the wait for another coordinator, which is killed after a patience of its own.
        if (!lock.take(deadline)) {
            throw new SQLException("another session holds regent.state and does not die");
        }
        Evictor.Eviction eviction = evictor.after(mode.patience());
        try (eviction) {
            revoked = mode != ClosingMode.UNDER_READ_LOCK && revoke();
            Statements.execute(bounded, "SET GLOBAL read_only = ON");
            Statements.execute(bounded, "SET GLOBAL super_read_only = ON");
            boolean confirmed = ServerState.read(bounded).writeState() == WriteState.SEALED;
            took = Duration.ofNanos(System.nanoTime() - start);
            return confirmed;
        } finally {
            evicted = eviction.began();
            eviction.error().ifPresent(e -> problems.add("clients could not be thrown out: " + MysqlErrors.message(e)));
        }
    }

    /**
     * Takes every nonce away, so that nobody opens by one of them. A server that is SEALED already (the dead-man) is
     * made STANDBY for that: then no one has a report of this closing yet that says it may be released.
     */
    private boolean revoke() throws SQLException {
        if (Statements.numbers(
                        bounded, "SELECT 1 FROM regent_local.lease WHERE asked IS NOT NULL OR granted IS NOT NULL")
                .isEmpty()) {
            return true;
        }
        ServerState state = ServerState.read(bounded);
        try {
            if (state.writeState() == WriteState.SEALED) {
                Statements.execute(bounded, "SET GLOBAL super_read_only = OFF");
            }
            OwnLease.revokeAll(bounded);
            return true;
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            problems.add("the lease rows could not be revoked: " + MysqlErrors.message(e));
            return false;
        }
    }

    private void leaveOrKeepOffline(List<PreparedXa> prepared) throws SQLException {
        if (!prepared.isEmpty()) {
            Statements.execute(bounded, "SET GLOBAL offline_mode = ON");
        } else if (sealed) {
            Statements.execute(bounded, "SET GLOBAL offline_mode = OFF");
        }
    }

    private record Reading(WriteState state, List<PreparedXa> prepared, GtidSet executed) {
        private static final Reading NONE = new Reading(WriteState.OPEN, List.of(), GtidSet.EMPTY);
    }

    private Reading read() throws SQLException {
        List<PreparedXa> prepared = xa.prepared();
        ServerState state = ServerState.read(bounded);
        return new Reading(state.writeState(), prepared, state.gtidExecuted());
    }

    /** In mysqld a closing statement waits as long as this closing may take: one that timed out lets writers go on. */
    private void boundWaits() throws SQLException {
        long seconds = Duration.ofNanos(deadline - start).toSeconds() + 1;
        Statements.execute(
                bounded, "SET SESSION lock_wait_timeout = " + seconds + ", innodb_lock_wait_timeout = " + seconds);
    }

    /** A server that still answers is to answer this as well, however late: else the fence would lose its session. */
    private void unbind() {
        try {
            session.setNetworkTimeout(Runnable::run, ownTimeoutMillis);
            new StateLock(session).release();
            FenceSession.prepare(session);
        } catch (SQLException e) {
            // The session is lost, and its lock with it.
            problems.add(MysqlErrors.message(e));
        }
    }
}

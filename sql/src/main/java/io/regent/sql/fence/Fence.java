package io.regent.sql.fence;

import io.regent.sql.blocker.Blocker;
import io.regent.sql.blocker.Blockers;
import io.regent.sql.counter.Slots;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.Guards;
import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.schema.LocalRecords;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.Answers;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerPlace;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's hand on the write state of its server: SEALED, STANDBY, OPEN.
 *
 * <p>It holds two sessions of the fence account, both open from the beginning: one acts, the other throws clients out
 * while the first waits. Both end with mysqld, and so does this object: a new start of mysqld needs a new one. Not
 * thread-safe. Every call but {@link #seal} is bounded by the socket timeout of the sessions it was made from; after an
 * SQLException that says the connection is lost, what the call did is unknown.
 */
public final class Fence implements AutoCloseable {
    /** Asked for more often, InnoDB never looks at its transactions again: it keeps a copy until nobody has read it for 0.1 s. */
    private static final Duration SEEN_ANEW = Duration.ofMillis(200);

    /** As seldom no lease is asked that is renewed: its period is half of this. */
    private static final Duration OVERDUE = Duration.ofSeconds(1);

    /** Each of the evictor's statements is short: on a server that stands still it must not outlast the closing. */
    private static final Duration EVICTOR_TIMEOUT = Duration.ofSeconds(2);

    private final Connection session;
    private final Evictor evictor;
    private final Clients clients;
    private final OwnLease lease;
    private final int socketTimeoutMillis;
    private @Nullable List<Blocker> blockers;
    private long blockersRead;
    private boolean lockedOut;
    private long asked = System.nanoTime();

    private Fence(Connection session, Evictor evictor, Clients clients, String coordinator) throws SQLException {
        this.session = session;
        this.evictor = evictor;
        this.clients = clients;
        this.socketTimeoutMillis = session.getNetworkTimeout();
        FenceSession.prepare(session);
        LocalIdentity.require(session);
        evictor.ready();
        this.lease = new OwnLease(session, coordinator);
    }

    /**
     * Connects both sessions.
     *
     * @param sessions sessions of the fence account on the region's server
     * @param coordinator name of this coordinator, unique in its region: letters, digits and {@code ._:-}, at most 64
     * @throws SQLException if the server is not reached, {@code init} has not made it ready, or its rows are those of
     *     another server ({@link LocalIdentity})
     */
    public static Fence connect(Sessions sessions, String coordinator) throws SQLException {
        if (!coordinator.matches("[A-Za-z0-9._:-]{1,64}")) {
            throw new IllegalArgumentException("not a coordinator's name: '" + coordinator + "'");
        }
        Sessions named = sessions.program("regent-fence");
        Clients clients = new Clients(sessions.account().user());
        Evictor evictor = new Evictor(named.socketTimeout(EVICTOR_TIMEOUT), clients);
        Connection session = named.multiStatements().open();
        try {
            return new Fence(session, evictor, clients, coordinator);
        } catch (SQLException | RuntimeException e) {
            try (evictor;
                    session) {
                throw e;
            }
        }
    }

    /**
     * First step of a renewal: writes a nonce into the own lease row. The lease, if it is granted, runs from before
     * this call.
     *
     * @param nonce new with every call: letters, digits and {@code -}, at most 64
     * @param ttl how long the lease lasts
     * @param asks how often a lease had been asked here when this was decided
     * @throws SQLException if the row cannot be written: no renewal (1290 SEALED, 1205 a global read lock)
     */
    public Ask ask(String nonce, Duration ttl, long asks) throws SQLException {
        lockedOut = true; // unless it is written
        Ask answer = lease.ask(nonce, ttl, asks);
        lockedOut = false;
        asked = System.nanoTime();
        return answer;
    }

    /**
     * Whether a client has the global read lock, as by FLUSH TABLES WITH READ LOCK. To look for it is to look at all locks: so
     * only of a server that is SEALED, while the last ask could not be written, and where an OPEN one was not asked for a
     * second [under the lock the dead-man does not beat, and without a beat nobody asks].
     *
     * @param state of the server, as it was just seen
     */
    public boolean isReadLocked(WriteState state) throws SQLException {
        boolean overdue = state == WriteState.OPEN && System.nanoTime() - asked > OVERDUE.toNanos();
        if (state != WriteState.SEALED && !lockedOut && !overdue) {
            return false;
        }
        lockedOut = ReadLock.isHeld(session, clients.fence());
        return lockedOut;
    }

    /**
     * Last step of a renewal, after the quorum write of this nonce was answered with OK.
     *
     * @return false if the nonce was revoked or replaced meanwhile: no renewal
     */
    public boolean grant(String nonce) throws SQLException {
        return lease.grant(nonce);
    }

    /**
     * STANDBY to OPEN. mysqld itself checks, under the lock that closings take, that the epoch is the one recorded
     * here, that the nonce is granted, fresh and asked since this start of mysqld, and that the dead-man beats.
     *
     * @return refused with mysqld's reason
     */
    public Answer open(long epoch, String nonce) throws SQLException {
        try (Answers answers = Answers.to(session, "CALL regent_local.open(?, ?); " + ServerState.QUERY, epoch, nonce);
                ResultSet row = answers.next()) {
            WriteState state = ServerState.of(row).writeState();
            return state == WriteState.OPEN ? Answer.ok() : Answer.refused("opened, and closed again: " + state);
        } catch (SQLException e) {
            if (MysqlErrors.is(e, MysqlErrors.SIGNAL)) {
                return Answer.refused(MysqlErrors.message(e));
            }
            throw e;
        }
    }

    /**
     * SEALED to STANDBY; lifts {@code offline_mode} and revokes all nonces.
     *
     * <p>The rows can be written only after {@code super_read_only} is lifted, so that for a moment a STANDBY has nonces
     * that are granted. Nobody opens by one of them: opening takes the state lock, which is held until they are revoked.
     * If that fails, those are left that no closing revoked, and for which no mastership was given up.
     *
     * @return refused if the server is OPEN, if a prepared XA transaction is left, or if somebody opens or closes
     */
    public Answer standby() throws SQLException {
        StateLock lock = new StateLock(session);
        if (!lock.tryTake()) {
            return Answer.refused("another session opens or closes");
        }
        try {
            if (state().writeState() == WriteState.OPEN) {
                return Answer.refused("OPEN: it is to be closed first");
            }
            List<PreparedXa> prepared = preparedXa();
            if (!prepared.isEmpty()) {
                return Answer.refused("prepared XA transactions are left: " + prepared);
            }
            // First: whatever fails below leaves a server that the next call can go on with.
            Statements.execute(session, "SET GLOBAL offline_mode = OFF");
            Statements.execute(session, "SET GLOBAL super_read_only = OFF");
            OwnLease.revokeAll(session);
            DeadMan.schedule(session);
            lease.ensure();
            WriteState state = state().writeState();
            return state == WriteState.STANDBY ? Answer.ok() : Answer.refused("the server is " + state);
        } finally {
            lock.release();
        }
    }

    /**
     * Closes the server, whatever its clients hold, and reads what it executed. Never throws: what went wrong is in
     * the report, and a report that does not say {@code sealed} means that the server may be open.
     *
     * @param limit longest time for it, however long the rollback of a large killed statement or a hanging disk hold
     *     it up; a server that stands still may add the timeouts of the sessions, until they are given up
     */
    public ClosingReport seal(ClosingMode mode, Duration limit) {
        return new Sealing(session, socketTimeoutMillis, evictor, clients, mode, limit).run();
    }

    /** Prepared XA transactions; while there are any, a sealed server is to stay in {@code offline_mode}. */
    public List<PreparedXa> preparedXa() throws SQLException {
        return new XaTransactions(session, clients).prepared();
    }

    /** Sessions of clients that would hold a closing up, as they were {@link #SEEN_ANEW} ago at most. */
    public List<Blocker> blockers() throws SQLException {
        long now = System.nanoTime();
        List<Blocker> known = blockers;
        if (known == null || now - blockersRead >= SEEN_ANEW.toNanos()) {
            known = Blockers.read(session, clients.fence());
            blockers = known;
            blockersRead = System.nanoTime();
        }
        return known;
    }

    /** Settings of the numbers that it gives out that are not as {@code init} left them. */
    public List<Slots.Drift> drift() throws SQLException {
        return Slots.drift(session);
    }

    /** Kills these sessions. */
    public void endBlockers(List<Long> sessions) throws SQLException {
        Blockers.end(session, sessions);
        blockers = null;
    }

    /** What the server says about itself. */
    public ServerState state() throws SQLException {
        return ServerState.read(session);
    }

    /**
     * Everything about the server at once, in one round trip: what it knows in {@code regent_local} first, then its state,
     * then its prepared XA transactions.
     *
     * @throws SQLException if the server does not answer, or if its rows are not its own any more: somebody sets out to
     *     replace its data
     */
    public FenceLook look() throws SQLException {
        return FenceLook.at(session);
    }

    /**
     * What the server knows in {@code regent_local}.
     *
     * @throws SQLException as {@link #look}
     */
    public LocalState readLocal() throws SQLException {
        return LocalState.readOwn(session);
    }

    /** Where the server keeps its files, as it names them itself. */
    public ServerPlace place() throws SQLException {
        return ServerPlace.read(session);
    }

    /** Whether the server is at a statement of this user's connection. */
    boolean isExecuting(long connectionId, String user) throws SQLException {
        return Threads.isExecuting(session, connectionId, user);
    }

    /** For writing epochs, cuts and verdicts. */
    public LocalRecords records() {
        return new LocalRecords(session);
    }

    /** For keeping older apply sessions out. */
    public Guards guards() {
        return new Guards(session);
    }

    /** Sees that the session which throws clients out is there, and opens it again if not. */
    public void checkEvictor() throws SQLException {
        evictor.ready();
    }

    /** Closes both sessions; the write state stays as it is. */
    @Override
    public void close() throws SQLException {
        try (evictor) {
            session.close();
        }
    }
}

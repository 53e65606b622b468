package io.regent.sql.fence;

import io.regent.sql.schema.Guards;
import io.regent.sql.schema.LocalRecords;
import io.regent.sql.schema.LocalState;
import io.regent.sql.schema.Outcome;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerPlace;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator's hand on the write state of its server: SEALED, STANDBY, OPEN.
 *
 * <p>It holds two sessions of the fence account, both open from the beginning: one acts, the other throws clients out
 * while the first waits. Both end with mysqld, and so does this object: a new start of mysqld needs a new one. Not
 * thread-safe. Every call but {@link #seal} is bounded by the socket timeout of the sessions it was made from; after an
 * SQLException that says the connection is lost, what the call did is unknown.
 */
public final class Fence implements AutoCloseable {
    /** Takes every nonce away; the next ask needs a beat that comes after this. */
    static final String REVOKE = """
            UPDATE regent_local.lease l LEFT JOIN regent_local.beat b ON b.id = 1
            SET l.asked = NULL, l.asked_at = NULL, l.asked_ttl_ms = NULL, l.asked_beat = b.beat,
                l.granted = NULL, l.granted_at = NULL, l.granted_ttl_ms = NULL""";

    /** Each of the evictor's statements is short: on a server that stands still it must not outlast the closing. */
    private static final Duration EVICTOR_TIMEOUT = Duration.ofSeconds(2);

    private static final String ASK = """
            UPDATE regent_local.lease l JOIN regent_local.beat b ON b.id = 1
            SET l.asked = ?, l.asked_at = SYSDATE(6), l.asked_beat = b.beat, l.asked_ttl_ms = ?, l.run = b.run
            WHERE l.coordinator = ? AND b.run = ? AND NOT (l.asked_beat <=> b.beat)""";
    private static final String GRANT = """
            UPDATE regent_local.lease SET granted = asked, granted_at = asked_at, granted_ttl_ms = asked_ttl_ms
            WHERE coordinator = ? AND asked = ? AND run = ?""";

    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

    private final Connection session;
    private final Evictor evictor;
    private final Clients clients;
    private final String coordinator;
    private final int socketTimeoutMillis;
    private final String run;
    private boolean rowExists;

    private Fence(Connection session, Evictor evictor, Clients clients, String coordinator) throws SQLException {
        this.session = session;
        this.evictor = evictor;
        this.clients = clients;
        this.coordinator = coordinator;
        this.socketTimeoutMillis = session.getNetworkTimeout();
        FenceSession.prepare(session);
        evictor.ready();
        this.run = text("SELECT regent_local.run()");
    }

    /**
     * Connects both sessions.
     *
     * @param sessions sessions of the fence account on the region's server
     * @param coordinator name of this coordinator, unique in its region: letters, digits and {@code ._:-}, at most 64
     * @throws SQLException if the server is not reached or {@code init} has not made it ready
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
     * @throws SQLException if the row cannot be written: no renewal (1290 SEALED, 1205 a global read lock)
     */
    public Ask ask(String nonce, Duration ttl) throws SQLException {
        if (!nonce.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("not a nonce: '" + nonce + "'");
        }
        ensureRow();
        return update(ASK, nonce, ttl.toMillis(), coordinator, run) == 1 ? Ask.WRITTEN : Ask.NO_NEW_BEAT;
    }

    private void ensureRow() throws SQLException {
        if (!rowExists) {
            update(
                    "INSERT IGNORE INTO regent_local.lease (coordinator, asked_beat)"
                            + " SELECT ?, MAX(beat) FROM regent_local.beat",
                    coordinator);
            rowExists = true;
        }
    }

    /**
     * Last step of a renewal, after the quorum write of this nonce was answered with OK.
     *
     * @return false if the nonce was revoked or replaced meanwhile: no renewal
     */
    public boolean grant(String nonce) throws SQLException {
        return update(GRANT, coordinator, nonce, run) == 1;
    }

    /**
     * STANDBY to OPEN. mysqld itself checks, under the lock that closings take, that the epoch is the one recorded
     * here, that the nonce is granted, fresh and asked since this start of mysqld, and that the dead-man beats.
     *
     * @return refused with mysqld's reason
     */
    public Outcome open(long epoch, String nonce) throws SQLException {
        try (PreparedStatement call = session.prepareStatement("CALL regent_local.open(?, ?)")) {
            call.setLong(1, epoch);
            call.setString(2, nonce);
            call.execute();
        } catch (SQLException e) {
            if (MysqlErrors.is(e, MysqlErrors.SIGNAL)) {
                return Outcome.refused(MysqlErrors.message(e));
            }
            throw e;
        }
        WriteState state = state().writeState();
        return state == WriteState.OPEN ? Outcome.ok() : Outcome.refused("opened, and closed again: " + state);
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
    public Outcome standby() throws SQLException {
        StateLock lock = new StateLock(session);
        if (!lock.tryTake()) {
            return Outcome.refused("another session opens or closes");
        }
        try {
            if (state().writeState() == WriteState.OPEN) {
                return Outcome.refused("OPEN: it is to be closed first");
            }
            List<PreparedXa> prepared = preparedXa();
            if (!prepared.isEmpty()) {
                return Outcome.refused("prepared XA transactions are left: " + prepared);
            }
            // First: whatever fails below leaves a server that the next call can go on with.
            execute("SET GLOBAL offline_mode = OFF");
            execute("SET GLOBAL super_read_only = OFF");
            execute(REVOKE);
            scheduleDeadMan();
            ensureRow();
            WriteState state = state().writeState();
            return state == WriteState.STANDBY ? Outcome.ok() : Outcome.refused("the server is " + state);
        } finally {
            lock.release();
        }
    }

    /**
     * Has the dead-man's event start at once. After the wall clock was set back, its next start would otherwise lie as
     * far in the future as the clock was set back.
     */
    private void scheduleDeadMan() throws SQLException {
        String mode = text("SELECT @@SESSION.sql_mode");
        // An event keeps the sql_mode of the session that altered it, and init would find it changed.
        execute("SET SESSION sql_mode = ''");
        try {
            execute("ALTER EVENT regent_local.deadman ON SCHEDULE EVERY 1 SECOND");
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            // A backup's lock keeps events from being altered. Without a beat nothing opens: it need not be seen here.
            LOG.warn("the dead-man keeps its schedule: {}", MysqlErrors.message(e));
        } finally {
            execute("SET SESSION sql_mode = " + Quoting.string(mode));
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

    /** What the server says about itself. */
    public ServerState state() throws SQLException {
        return ServerState.read(session);
    }

    /** What the server knows in {@code regent_local}. */
    public LocalState readLocal() throws SQLException {
        return LocalState.read(session);
    }

    /** Where the server keeps its files, as it names them itself. */
    public ServerPlace place() throws SQLException {
        return ServerPlace.read(session);
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

    private int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String query) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new SQLException("no row from: " + query);
            }
            return row.getString(1);
        }
    }

    /** Closes both sessions; the write state stays as it is. */
    @Override
    public void close() throws SQLException {
        try (evictor) {
            session.close();
        }
    }
}

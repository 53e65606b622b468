package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.Founding.Condition;
import io.regent.sql.fence.AdoptionMark;
import io.regent.sql.fence.StateLock;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Opens a server without any lease. Only where no other server is open, and none can be. */
public final class Opening {
    /** The statements, for who must do it by hand. */
    public static final String BY_HAND = String.join("; ", AdoptionMark.OPENING);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    private final NativeServers servers;
    private final String region;

    /** Nothing is done yet. */
    public Opening(NativeServers servers, String region) {
        this.servers = servers;
        this.region = region;
    }

    /** Whether it takes writes, and lets everybody in. */
    public boolean isOpen() throws CliException {
        return servers.at(region, session -> {
            ServerState state = ServerState.read(session);
            return state.writeState() == WriteState.OPEN && !state.offlineMode();
        });
    }

    /**
     * Opens it. Where the server does not answer, or another run works there (the lock may have been lost by the closing, and
     * somebody have it for a moment), it is tried again for a while.
     *
     * @param again what must hold then: others could do something meanwhile
     * @throws CliException if it could not be opened by then, or belongs to a cluster
     */
    public void open(Condition again) throws CliException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean governed;
        while (true) {
            try {
                governed = !servers.at(region, Opening::opened);
                break;
            } catch (CliException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new CliException(e.getMessage() + "; " + region + " is closed", e);
                }
                LockSupport.parkNanos(POLL_NANOS);
                servers.lock(region, deadline);
                again.require();
            }
        }
        if (governed) {
            throw new CliException(
                    region + " belongs to a cluster, and opens by its lease alone: 'dbctl status' tells more");
        }
    }

    /** Under the lock of closers: a closing that is under way, of a run that is gone, ends before, and not after. */
    private static boolean opened(Connection session) throws SQLException {
        StateLock lock = new StateLock(session);
        if (!lock.take(System.nanoTime() + PATIENCE.toNanos())) {
            throw new SQLException("another session holds regent.state and does not die");
        }
        try {
            // A server that was closed by adopt has this table: if it is gone, nothing is known of this one.
            if (LocalState.isGoverned(session)) {
                return false;
            }
            for (String statement : AdoptionMark.OPENING) {
                Statements.execute(session, statement);
            }
            return true;
        } finally {
            lock.release();
        }
    }
}

package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.fence.Retirement;
import io.regent.sql.fence.StateLock;
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
    public static final String BY_HAND =
            "SET GLOBAL offline_mode = OFF; SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF";

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
     * Opens it; tries again for a while where the server does not answer.
     *
     * @throws CliException if it could not be opened by then, or belongs to a cluster
     */
    public void open() throws CliException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (!servers.at(region, Opening::opened)) {
                    throw new CliException(
                            region + " belongs to a cluster, and opens by its lease alone: 'dbctl status' tells more");
                }
                return;
            } catch (CliException e) {
                if (!(e.getCause() instanceof SQLException)) {
                    throw e;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new CliException(e.getMessage() + "; " + region + " is closed: " + BY_HAND, e);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    /** Under the lock of closers: a closing that is under way, of a run that is gone, ends before, and not after. */
    private static boolean opened(Connection session) throws SQLException {
        StateLock lock = new StateLock(session);
        if (!lock.take(System.nanoTime() + PATIENCE.toNanos())) {
            throw new SQLException("another session holds regent.state and does not die");
        }
        try {
            if (Retirement.isGoverned(session)) {
                return false;
            }
            for (String statement : BY_HAND.split("; ", -1)) {
                Statements.execute(session, statement);
            }
            return true;
        } finally {
            lock.release();
        }
    }
}

package io.regent.coordinator.probe;

import io.regent.failover.model.WriteState;
import io.regent.failover.view.Blocker;
import io.regent.failover.view.LeaseRow;
import io.regent.failover.view.LocalState;
import io.regent.sql.fence.Fence;
import io.regent.sql.fence.FenceLook;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import java.sql.SQLException;
import java.util.List;

/** One look at a MySQL that answers, in the words of {@code failover}. */
final class Looking {
    private Looking() {}

    /** @param blockers whether sessions are looked for that would hold a closing up */
    static LocalState at(Fence fence, boolean blockers) throws SQLException {
        FenceLook seen = fence.look();
        io.regent.sql.schema.LocalState known = seen.known();
        ServerState server = seen.state();
        WriteState state = stateOf(server);
        boolean prepared = state != WriteState.STANDBY && !seen.prepared().isEmpty();
        List<Blocker> found = blockers && state == WriteState.OPEN ? blockers(fence) : List.of();
        List<LeaseRow> leases = known.leases().stream()
                .map(row -> new LeaseRow(row.coordinator(), row.isLive(known.now())))
                .toList();
        return new LocalState(
                state,
                prepared,
                server.offlineMode(),
                server.serverUuid(),
                server.gtidExecuted(),
                Recordings.of(known),
                leases,
                known.beat(),
                known.asks(),
                found,
                fence.isReadLocked(server.writeState()));
    }

    /** A server that does not tell them is not a server that does not answer; a move waits, and says why. */
    private static List<Blocker> blockers(Fence fence) throws SQLException {
        try {
            return fence.blockers().stream()
                    .map(blocker -> new Blocker(blocker.session(), blocker.name(), blocker.ending()))
                    .toList();
        } catch (SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                throw e;
            }
            return List.of(new Blocker(0, "sessions, which cannot be looked at: " + MysqlErrors.message(e), true));
        }
    }

    private static WriteState stateOf(ServerState server) {
        return switch (server.writeState()) {
            case OPEN -> WriteState.OPEN;
            case STANDBY -> WriteState.STANDBY;
            case SEALED -> WriteState.SEALED;
        };
    }
}

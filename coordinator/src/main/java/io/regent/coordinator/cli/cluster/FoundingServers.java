package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.fence.ClosingMode;
import io.regent.sql.fence.ClosingReport;
import io.regent.sql.fence.Fence;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.LocalState;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The servers of which a cluster is made: reads and closes them. */
final class FoundingServers {
    private static final String PROGRAM = "regent-init";
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /** ER_BAD_DB_ERROR: in a dry run the schema may not be there yet. */
    private static final int NO_SCHEMA = 1049;

    private final ClusterConfig config;
    private final Account admin;

    FoundingServers(ClusterConfig config, Account admin) {
        this.config = config;
        this.admin = admin;
    }

    /**
     * A server as it was read.
     *
     * @param epoch the newest epoch that it recorded; 0 if none
     */
    record Server(long epoch, ServerState state) {}

    static Server of(Map<String, Server> servers, String region) {
        Server server = servers.get(region);
        if (server == null) {
            throw new IllegalArgumentException("no server of " + region);
        }
        return server;
    }

    /** All of them, in the order of the file. */
    Map<String, Server> read() throws CliException {
        Map<String, Server> all = new LinkedHashMap<>();
        for (RegionConfig region : config.regions()) {
            Sessions sessions =
                    Sessions.to(region.mysql(), admin).program(PROGRAM).multiStatements();
            try (Connection session = sessions.open()) {
                all.put(region.name(), new Server(epoch(session), ServerState.read(session)));
            } catch (SQLException e) {
                throw new CliException(ServerErrors.explain(region, admin.user(), e), e);
            }
        }
        return all;
    }

    private static long epoch(Connection session) throws SQLException {
        try {
            return LocalState.read(session)
                    .epoch()
                    .map(LocalState.Epoch::number)
                    .orElse(0L);
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SCHEMA || e.getErrorCode() == MysqlErrors.NO_SUCH_TABLE) {
                return 0;
            }
            throw e;
        }
    }

    /**
     * Closes every server that is OPEN, and the master's in any case.
     *
     * @param closed gets the names of the regions that were closed
     * @return what went wrong; then the others were left as they were
     */
    List<String> close(String master, List<String> closed) throws CliException {
        for (RegionConfig region : config.regions()) {
            Sessions sessions = config.sessions(region, AccountRole.FENCE);
            try (Fence fence = Fence.connect(sessions, "init")) {
                boolean open = fence.state().writeState() == WriteState.OPEN;
                if (!open && !region.name().equals(master)) {
                    continue;
                }
                ClosingReport report = fence.seal(ClosingMode.PLANNED, CLOSING);
                if (!report.isReleasable()) {
                    return List.of("region " + region.name() + " could not be closed: " + report.unreleasable());
                }
                closed.add(region.name());
            } catch (SQLException e) {
                throw new CliException(
                        ServerErrors.explain(region, sessions.account().user(), e), e);
            }
        }
        return List.of();
    }
}

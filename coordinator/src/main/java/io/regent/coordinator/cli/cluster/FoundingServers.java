package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.probe.Recordings;
import io.regent.failover.view.Recorded;
import io.regent.sql.fence.ClosingMode;
import io.regent.sql.fence.ClosingReport;
import io.regent.sql.fence.Fence;
import io.regent.sql.fence.StateLock;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.LocalIdentity;
import io.regent.sql.schema.LocalState;
import io.regent.sql.schema.Mastership;
import io.regent.sql.schema.MastershipTable;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The servers of which a cluster is made: reads and closes them. */
final class FoundingServers {
    private static final String PROGRAM = "regent-init";
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration LOCK = Duration.ofSeconds(2);

    /** ER_BAD_DB_ERROR, ER_SP_DOES_NOT_EXIST: in a dry run the schema may not be there yet. */
    private static final Set<Integer> NOT_THERE = Set.of(1049, 1305, MysqlErrors.NO_SUCH_TABLE);

    private final ClusterConfig config;
    private final Account admin;
    private final Duration answer;

    FoundingServers(ClusterConfig config, Account admin) {
        this(config, admin, ANSWER);
    }

    /** @param answer longest silence of a server that is read */
    FoundingServers(ClusterConfig config, Account admin, Duration answer) {
        this.config = config;
        this.admin = admin;
        this.answer = answer;
    }

    /**
     * A server as it was read.
     *
     * @param local what its regent_local says; null if that is not there
     * @param isItself whether those rows are its own
     * @param guardEpoch the newest epoch that a guard in it was raised to; 0 if none
     * @param masterships what its regent.history has
     */
    record Server(
            @Nullable LocalState local,
            boolean isItself,
            long guardEpoch,
            List<Mastership> masterships,
            ServerState state) {
        /** The newest epoch that it recorded; 0 if none. */
        long epoch() {
            return recorded().epoch();
        }

        /** The newest of what it recorded of ZooKeeper. */
        Recorded recorded() {
            return local == null ? Recorded.NOTHING : Recordings.of(local);
        }
    }

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
            Sessions sessions = Sessions.to(region.mysql(), admin)
                    .program(PROGRAM)
                    .socketTimeout(answer)
                    .multiStatements();
            try (Connection session = sessions.open()) {
                all.put(region.name(), server(session));
            } catch (SQLException e) {
                throw new CliException(ServerErrors.explain(region, admin.user(), e), e);
            }
        }
        return all;
    }

    private static Server server(Connection session) throws SQLException {
        ServerState state = ServerState.read(session);
        try {
            return new Server(
                    LocalState.read(session),
                    LocalIdentity.read(session).equals(Optional.of(state.serverUuid())),
                    Statements.numbers(session, "SELECT COALESCE(MAX(epoch), 0) FROM regent_local.guard")
                            .get(0),
                    MastershipTable.read(session),
                    state);
        } catch (SQLException e) {
            if (NOT_THERE.contains(e.getErrorCode())) {
                return new Server(null, false, 0, List.of(), state);
            }
            throw e;
        }
    }

    /**
     * The incarnations of coordinators that guards were raised to are those of elections in a ZooKeeper that is gone; in a
     * new one they begin below. Its apply sessions are refused until a guard is raised anew.
     *
     * <p>Only in closed servers, which stay so: nobody opens one while the lock is held [another run had founded the
     * cluster meanwhile, and the server was its open master].
     *
     * @param before the epoch that is to be founded: guards that were raised to it are of coordinators that go on by it
     */
    void forgetGuards(long before) throws CliException {
        for (RegionConfig region : config.regions()) {
            try (Connection session =
                    Sessions.to(region.mysql(), admin).program(PROGRAM).open()) {
                StateLock lock = new StateLock(session);
                if (!lock.await(LOCK) || ServerState.read(session).writeState() != WriteState.SEALED) {
                    throw new CliException(
                            "region " + region.name() + " was closed, and somebody goes on with it: look at"
                                    + " 'dbctl status' before you run this again");
                }
                Statements.execute(session, "SET SESSION sql_log_bin = 0");
                Statements.execute(session, "SET GLOBAL super_read_only = OFF");
                Statements.execute(session, "DELETE FROM regent_local.guard WHERE epoch < ?", before);
                Statements.execute(session, "SET GLOBAL super_read_only = ON");
            } catch (SQLException e) {
                throw new CliException(ServerErrors.explain(region, admin.user(), e), e);
            }
        }
    }

    /** Nothing is taken yet. */
    Turn turn() {
        return new Turn();
    }

    /** The lock of every server by which one run at a time works on it: it ends with this. */
    final class Turn implements AutoCloseable {
        private final List<Connection> sessions = new ArrayList<>();

        private Turn() {}

        /** Takes it, or fails if another has it. */
        void take() throws CliException {
            for (RegionConfig region : config.regions()) {
                try {
                    Connection session =
                            Sessions.to(region.mysql(), admin).program(PROGRAM).open();
                    sessions.add(session);
                    if (Statements.numbers(session, "SELECT COALESCE(GET_LOCK('regent.adopt', 0), 0)")
                                    .get(0)
                            != 1) {
                        throw new CliException("'dbctl adopt', or another run of this, works on " + region.name()
                                + "; wait for its end, or end its session there: KILL the number that"
                                + " SELECT IS_USED_LOCK('regent.adopt') tells");
                    }
                } catch (SQLException e) {
                    throw new CliException(ServerErrors.explain(region, admin.user(), e), e);
                }
            }
        }

        @Override
        public void close() {
            for (Connection session : sessions) {
                try {
                    session.close();
                } catch (SQLException e) {
                    // It was lost, and its lock with it.
                }
            }
        }
    }

    /**
     * Closes every server that is OPEN, and some in any case.
     *
     * @param always the regions whose servers these are, by name
     * @param closed gets the names of the regions that were closed
     * @return what went wrong; then the others were left as they were
     */
    List<String> close(Predicate<String> always, List<String> closed) throws CliException {
        // Those last, so that while they are closed no other is asked.
        List<RegionConfig> regions = config.regions().stream()
                .sorted(Comparator.comparing(region -> always.test(region.name())))
                .toList();
        for (RegionConfig region : regions) {
            Sessions sessions = config.sessions(region, AccountRole.FENCE);
            try (Fence fence = Fence.connect(sessions, "init")) {
                boolean open = fence.state().writeState() == WriteState.OPEN;
                if (!open && !always.test(region.name())) {
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

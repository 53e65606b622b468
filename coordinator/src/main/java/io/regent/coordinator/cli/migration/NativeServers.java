package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.ServerErrors;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** An administrator's session at each region's server. A session that was ended is opened anew when it is asked for. */
public final class NativeServers implements AutoCloseable {
    private static final String PROGRAM = "regent-adopt";

    /** STOP REPLICA answers when the transactions that are being applied are over. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private static final int ALIVE_SECONDS = 5;

    private final ClusterConfig config;
    private final Account admin;
    private final Map<String, Connection> sessions = new LinkedHashMap<>();

    /** @param admin an administrator of every region's server */
    public NativeServers(ClusterConfig config, Account admin) {
        this.config = config;
        this.admin = admin;
    }

    /** What is asked of a server. */
    @FunctionalInterface
    public interface Question<T> {
        /** Asks it. */
        T of(Connection session) throws SQLException;
    }

    /** What is done at a server. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void at(Connection session) throws SQLException;
    }

    /**
     * Does it there.
     *
     * @throws CliException if the server is not reached or refuses
     */
    public void run(String region, Work work) throws CliException {
        at(region, session -> {
            work.at(session);
            return true;
        });
    }

    /**
     * Asks it there.
     *
     * @throws CliException if the server is not reached or refuses
     */
    public <T> T at(String region, Question<T> question) throws CliException {
        RegionConfig where = config.region(region).orElseThrow();
        try {
            return question.of(session(where));
        } catch (SQLException e) {
            throw new CliException(ServerErrors.explain(where, admin.user(), e), e);
        }
    }

    private Connection session(RegionConfig region) throws SQLException {
        Connection known = sessions.get(region.name());
        if (known != null && known.isValid(ALIVE_SECONDS)) {
            return known;
        }
        Connection session = Sessions.to(region.mysql(), admin)
                .program(PROGRAM)
                .socketTimeout(ANSWER)
                .open();
        sessions.put(region.name(), session);
        return session;
    }

    /** Whether no other run works on the cluster of this master, as long as this session lasts. */
    public boolean lock(String master) throws CliException {
        return at(master, session -> Statements.numbers(session, "SELECT COALESCE(GET_LOCK('regent.adopt', 0), 0)"))
                        .get(0)
                == 1;
    }

    /** Every server, in the order of the file; the master's was read after all others. */
    public Map<String, ReplicaSight> sights(String master) throws CliException {
        Map<String, ReplicaSight> read = new LinkedHashMap<>();
        for (String region : config.regionNames()) {
            if (!region.equals(master)) {
                read.put(region, at(region, ReplicaSight::read));
            }
        }
        read.put(master, at(master, ReplicaSight::read));
        Map<String, ReplicaSight> ordered = new LinkedHashMap<>();
        config.regionNames().forEach(region -> ordered.put(region, Objects.requireNonNull(read.get(region))));
        return ordered;
    }

    @Override
    public void close() {
        for (Connection session : sessions.values()) {
            try {
                session.close();
            } catch (SQLException e) {
                // It was lost, and its locks with it.
            }
        }
    }
}

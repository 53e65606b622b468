package io.regent.coordinator.cli.migration;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.ServerErrors;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.session.Account;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * An administrator's session at each region's server, which holds the lock by which one run at a time works on that server. A
 * session that was ended is opened anew when it is asked for, and takes the lock again or fails.
 */
public final class NativeServers implements AutoCloseable {
    private static final String PROGRAM = "regent-adopt";

    /** STOP REPLICA answers when the transactions that are being applied are over. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    /** While nobody takes writes. */
    private static final Duration BRIEF = Duration.ofSeconds(3);

    private static final int ALIVE_SECONDS = 5;

    private static final String FORMER = "SELECT PROCESSLIST_ID FROM performance_schema.session_connect_attrs"
            + " WHERE ATTR_NAME = 'program_name' AND ATTR_VALUE = ? AND PROCESSLIST_ID <> CONNECTION_ID()";

    private final ClusterConfig config;
    private final Account admin;
    private final String program;
    private final Duration answer;
    private final boolean locks;
    private final Map<String, Connection> sessions = new LinkedHashMap<>();

    /** @param admin an administrator of every region's server */
    public NativeServers(ClusterConfig config, Account admin) {
        this(config, admin, PROGRAM + "-" + UUID.randomUUID(), ANSWER, true);
    }

    private NativeServers(ClusterConfig config, Account admin, String program, Duration answer, boolean locks) {
        this.config = config;
        this.admin = admin;
        this.program = program;
        this.answer = answer;
        this.locks = locks;
    }

    /** Others, to look at servers while nobody takes writes: one that hangs is not waited for. They hold no lock. */
    public NativeServers brief() {
        return new NativeServers(config, admin, PROGRAM, BRIEF, false);
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

    private Connection session(RegionConfig region) throws SQLException, CliException {
        Connection known = sessions.get(region.name());
        if (known != null && known.isValid(Math.min(ALIVE_SECONDS, (int) answer.toSeconds()))) {
            return known;
        }
        Connection session = Sessions.to(region.mysql(), admin)
                .program(program)
                .socketTimeout(answer)
                .open();
        if (locks) {
            lock(region, session);
        }
        sessions.put(region.name(), session);
        return session;
    }

    /** Whoever of this run held it before may not know yet that its client is gone. */
    private void lock(RegionConfig region, Connection session) throws SQLException, CliException {
        for (long former : Statements.numbers(session, FORMER, program)) {
            Threads.kill(session, former);
        }
        if (Statements.numbers(session, "SELECT COALESCE(GET_LOCK('regent.adopt', 2), 0)")
                        .get(0)
                != 1) {
            session.close();
            throw new CliException("another 'dbctl adopt', 'leave' or 'init --adopt-epoch' works on " + region.name()
                    + "; wait for its end (SELECT IS_USED_LOCK('regent.adopt') there tells its session)");
        }
    }

    /**
     * Takes the lock of this server, for as long as its session lasts.
     *
     * @throws CliException if another run has it
     */
    public void lock(String region) throws CliException {
        run(region, session -> {});
    }

    /** Takes the locks of all servers. */
    public void lockAll() throws CliException {
        for (String region : config.regionNames()) {
            lock(region);
        }
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

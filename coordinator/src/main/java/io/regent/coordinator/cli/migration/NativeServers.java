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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * An administrator's session at each region's server. Of the run that works there it holds the lock by which one at a time
 * does, as long as it is there: one that was ended is opened anew when it is asked for, and takes the lock again or fails.
 */
public final class NativeServers implements AutoCloseable {
    private static final String PROGRAM = "regent-adopt";

    /** STOP REPLICA answers when the transactions that are being applied are over. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    /** While nobody takes writes. */
    private static final Duration BRIEF = Duration.ofSeconds(3);

    private static final int ALIVE_SECONDS = 5;
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    /** mysqld keeps the lock of a run whose host is gone no longer. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    private static final String FORMER = "SELECT PROCESSLIST_ID FROM performance_schema.session_connect_attrs"
            + " WHERE ATTR_NAME = 'program_name' AND ATTR_VALUE = ? AND PROCESSLIST_ID <> CONNECTION_ID()";
    private static final String EARLIER = "SELECT PROCESSLIST_ID FROM performance_schema.session_connect_attrs"
            + " WHERE ATTR_NAME = 'program_name' AND ATTR_VALUE LIKE '" + PROGRAM + "-%'"
            + " AND PROCESSLIST_ID = IS_USED_LOCK('regent.adopt')";

    private final ClusterConfig config;
    private final Account admin;
    private final String program;
    private final Duration answer;
    private final boolean locks;
    private final boolean alone;
    private final Map<String, Connection> sessions = new LinkedHashMap<>();
    private final Set<String> locked = new HashSet<>();

    private NativeServers(ClusterConfig config, Account admin, String program, Duration answer, boolean locks) {
        this(config, admin, program, answer, locks, false);
    }

    private NativeServers(
            ClusterConfig config, Account admin, String program, Duration answer, boolean locks, boolean alone) {
        this.alone = alone;
        this.config = config;
        this.admin = admin;
        this.program = program;
        this.answer = answer;
        this.locks = locks;
    }

    /**
     * For the only run that works on this cluster: what is left of one before it (its host may be gone, and mysqld waits for
     * it) is ended.
     *
     * @param admin an administrator of every region's server
     */
    public static NativeServers ofOnlyRun(ClusterConfig config, Account admin) {
        return new NativeServers(config, admin, PROGRAM + "-" + UUID.randomUUID(), ANSWER, true, true);
    }

    /** For one that others may be beside: it waits for their end. */
    public static NativeServers toWork(ClusterConfig config, Account admin) {
        return new NativeServers(config, admin, "regent-leave-" + UUID.randomUUID(), ANSWER, true);
    }

    /** To look only: they hold no lock. */
    public static NativeServers toLook(ClusterConfig config, Account admin) {
        return new NativeServers(config, admin, PROGRAM, ANSWER, false);
    }

    /** The same, while nobody takes writes: one that hangs is not waited for. */
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
        Statements.execute(session, "SET SESSION wait_timeout = " + IDLE.toSeconds());
        List<Long> former = locked.contains(region.name())
                ? Statements.numbers(session, FORMER, program)
                : alone ? Statements.numbers(session, EARLIER) : List.of();
        for (long holder : former) {
            Threads.kill(session, holder);
        }
        if (Statements.numbers(session, "SELECT COALESCE(GET_LOCK('regent.adopt', 2), 0)")
                        .get(0)
                != 1) {
            session.close();
            throw new CliException("another 'dbctl adopt' or 'init' works on " + region.name()
                    + "; wait for its end, or end its session there: KILL the number that"
                    + " SELECT IS_USED_LOCK('regent.adopt') tells");
        }
        locked.add(region.name());
    }

    /**
     * Takes the lock of this server, for as long as its session lasts.
     *
     * @throws CliException if another run has it
     */
    public void lock(String region) throws CliException {
        run(region, session -> {});
    }

    /**
     * The same, tried until then.
     *
     * @throws CliException if it could not be had
     */
    public void lock(String region, long deadlineNanos) throws CliException {
        while (true) {
            try {
                lock(region);
                return;
            } catch (CliException e) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw e;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
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

package io.regent.sql.client;

import com.mysql.cj.jdbc.JdbcConnection;
import io.regent.sql.client.Replication.NothingCommitted;
import io.regent.sql.gtid.GtidSet;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Waits until what a session committed is durable in other regions. One for all sessions of an application; for every
 * thread.
 *
 * <pre>{@code
 * AwaitReplicated replicated = new AwaitReplicated(List.of(URI.create("http://regent.phx1:8080"), ...));
 *
 * replicated.track(connection);      // before the first commit, once per session; the URL has trackSessionState=true
 * ...
 * connection.commit();
 * Replication answer = replicated.await(connection, 1, Duration.ofSeconds(5));
 * if (!answer.isReplicated()) { ... } // it is committed, and may be lost with this region
 * }</pre>
 *
 * <p>Any coordinator of any region may be asked. One that does not answer is left after 4 s at most, or its share of a
 * shorter time, and the next one is asked; the one that answered is asked first the next time. However many hang, an answer
 * comes at most one second after the time is over.
 */
public final class AwaitReplicated {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Coordinators coordinators;
    private final Map<JdbcConnection, CommittedGtids> tracked = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * Connects to nobody yet.
     *
     * @param coordinators where coordinators answer, such as {@code http://regent.phx1:8080}; the nearest first, at least one
     */
    public AwaitReplicated(List<URI> coordinators) {
        if (coordinators.isEmpty()) {
            throw new IllegalArgumentException("no coordinator is named; name at least one");
        }
        for (URI coordinator : coordinators) {
            if (coordinator.getHost() == null || !List.of("http", "https").contains(coordinator.getScheme())) {
                throw new IllegalArgumentException(
                        "not the address of a coordinator, such as http://host:8080: " + coordinator);
            }
        }
        this.coordinators = new Coordinators(coordinators);
    }

    /**
     * Has the server name to this session each transaction that it commits, from now on. Calling it again is no harm, and
     * needed after whatever resets the session (a pool may): what was committed between is not waited for.
     *
     * @param connection of Connector/J, or a pool's that wraps one
     * @throws IllegalStateException if the session was opened without {@code trackSessionState=true}
     * @throws SQLException if the server refuses, or it is another driver's
     */
    public void track(Connection connection) throws SQLException {
        JdbcConnection session = connection.unwrap(JdbcConnection.class);
        if (tracked.containsKey(session)) {
            CommittedGtids.enable(session);
        } else {
            tracked.put(session, CommittedGtids.of(session));
        }
    }

    /**
     * Waits for what this session committed since it was tracked or since the last wait.
     *
     * @param connection a session that was given to {@link #track}
     * @param regions in how many regions, other than the one that committed it, it must be durable; at least 1
     * @param timeout how long to wait at most, up to 300 s
     * @throws IllegalStateException if the session is not tracked, or something ended the tracking: then it may have
     *     committed more than was named to it, also if something was
     * @throws IllegalArgumentException if regions or timeout make no sense, also to the coordinator
     * @throws SQLException if the session is lost, so that this cannot be asked; the message names what is known to have
     *     been committed on it
     * @throws InterruptedException if the thread is interrupted; as after every other exception, the next call waits for
     *     the same transactions and what comes after them
     */
    public Replication await(Connection connection, int regions, Duration timeout)
            throws SQLException, InterruptedException {
        check(regions, timeout);
        CommittedGtids committed = tracked.get(connection.unwrap(JdbcConnection.class));
        if (committed == null) {
            throw new IllegalStateException("this session is not tracked, so it is not known what it committed; call"
                    + " track(connection) once after opening it");
        }
        GtidSet gtids = committed.take();
        boolean answered = false;
        try {
            CommittedGtids.check(connection, gtids);
            Replication answer =
                    gtids.isEmpty() ? new NothingCommitted() : coordinators.ask(gtids.toString(), regions, timeout);
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                committed.putBack(gtids); // or the next call would say that nothing was committed
            }
        }
    }

    /**
     * Waits for transactions whose GTIDs are known, such as those of an earlier answer.
     *
     * @param gtids a GTID set as MySQL writes it
     * @param regions as above
     * @param timeout as above
     * @throws IllegalArgumentException if anything of it makes no sense, also to the coordinator
     */
    public Replication await(String gtids, int regions, Duration timeout) throws InterruptedException {
        check(regions, timeout);
        return coordinators.ask(gtids, regions, timeout);
    }

    private static void check(int regions, Duration timeout) {
        if (regions < 1) {
            throw new IllegalArgumentException("regions must be at least 1, not " + regions);
        }
        if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout must be 0 to " + LONGEST.toSeconds() + " s, not " + timeout);
        }
    }
}

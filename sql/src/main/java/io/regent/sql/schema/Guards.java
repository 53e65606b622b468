package io.regent.sql.schema;

import io.regent.sql.session.Answers;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Keeps apply sessions of older coordinators out (PROTOCOL.md, "What a link may commit", "Guard").
 *
 * <p>An apply session calls {@link #PASS} first thing after it connected. The procedure registers it and signals if it
 * is older than the guard. Raising a guard waits for a session that is just passing, so that it is either refused or
 * found, killed and waited for.
 */
public final class Guards {
    /** What an apply session executes with (source, epoch, incarnation); error 1644 means: stop, you are older. */
    public static final String PASS = "CALL regent_local.guard(?, ?, ?)";

    private static final String REGISTERED = "SELECT a.connection FROM regent_local.applier a JOIN"
            + " information_schema.PROCESSLIST p ON p.ID = a.connection WHERE a.run = regent_local.run()";

    /** The epoch is set first: whether it may be is told by the incarnation that stands there before. */
    private static final String RAISE = """
            INSERT INTO regent_local.guard (source, epoch, incarnation) VALUES %s AS raised
            ON DUPLICATE KEY UPDATE
                epoch = IF(guard.incarnation < raised.incarnation
                        OR (guard.incarnation = raised.incarnation AND guard.epoch <= raised.epoch),
                    raised.epoch, guard.epoch),
                incarnation = GREATEST(guard.incarnation, raised.incarnation);
            SELECT source FROM regent_local.guard WHERE source IN (%s) AND (epoch <> ? OR incarnation <> ?) LIMIT 1;
            SELECT COUNT(*) FROM regent_local.applier;
            """;

    /** More than links leave behind in some changes of master: to forget them costs a flush, and clients may be waiting. */
    private static final int MOST_GONE = 200;

    private static final long POLL_NANOS = Duration.ofMillis(2).toNanos();

    private final Connection session;

    /** Uses this session of the fence account, which has {@code sql_log_bin} off and may send several statements at once. */
    public Guards(Connection session) {
        this.session = session;
    }

    /**
     * Raises the guard of each source and kills the apply sessions of other incarnations; returns when their threads
     * have left the process list.
     *
     * <p>A later incarnation also takes an epoch back that an earlier one raised the guard to and that ZooKeeper does not
     * know: it was put back in time, and no link would ever be let in again. Where the earlier one was right, it can no
     * longer record that epoch ({@link LocalRecords#recordEpoch}), and the later one sees it at its next look.
     *
     * @param sources regions whose links end here
     * @param epoch epoch below which a new session is refused
     * @param incarnation creation id of this region's latch: lower ones are refused, all others killed
     * @param limit longest wait for the killed threads
     * @return refused if a guard is higher already (then this coordinator is the older one), or if a killed thread is
     *     still there after the limit
     * @throws SQLException if the server does not answer, or 1290 if it is SEALED
     */
    public Answer raise(Collection<String> sources, long epoch, long incarnation, Duration limit) throws SQLException {
        if (sources.isEmpty()) {
            return Answer.ok();
        }
        Left others = new Left(sources, "a.incarnation <> ?", incarnation);
        // In the order in which the recording of an epoch locks them.
        Raised raised = raiseAll(others, sources.stream().sorted().toList(), epoch, incarnation);
        if (raised.higher.isPresent()) {
            return Answer.refused("the guard of " + raised.higher.get() + " is higher than epoch " + epoch
                    + ", incarnation " + incarnation);
        }
        Answer gone = raised.left.isEmpty() ? Answer.ok() : kill(others::connections, limit);
        if (gone.done() && raised.registered > MOST_GONE) {
            forgetGone();
        }
        return gone;
    }

    /**
     * Waits until no apply session of this incarnation is left, and kills those that are. It writes nothing, so a
     * SEALED server answers it too.
     *
     * @param sources regions whose links end here
     * @param incarnation whose sessions; its links have been told to stop
     * @param limit longest wait
     * @return refused if one is still there after the limit
     */
    public Answer awaitGone(Collection<String> sources, long incarnation, Duration limit) throws SQLException {
        return sources.isEmpty()
                ? Answer.ok()
                : kill(new Left(sources, "a.incarnation = ?", incarnation)::connections, limit);
    }

    /**
     * Kills every apply session, whatever its source and incarnation, and waits until none is left. It keeps none out
     * that comes later.
     *
     * @return refused if one is still there after the limit
     */
    public Answer endAll(Duration limit) throws SQLException {
        return kill(() -> Statements.numbers(session, REGISTERED), limit);
    }

    /**
     * What raising the guards came to.
     *
     * @param higher the source of one that is higher, and stays
     * @param registered how many rows of apply sessions there are, most of them of sessions that have ended
     * @param left sessions of others that have not
     */
    private record Raised(Optional<String> higher, long registered, List<Long> left) {}

    /** In one round trip, for clients may be waiting. */
    private Raised raiseAll(Left others, Collection<String> sources, long epoch, long incarnation) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (String source : sources) {
            values.addAll(List.of(source, epoch, incarnation));
        }
        values.addAll(sources);
        values.addAll(List.of(epoch, incarnation));
        values.addAll(others.values());
        String statements = RAISE.formatted(marks(sources, "(?, ?, ?)"), marks(sources, "?")) + others.query();
        try (Answers answers = Answers.to(session, statements, values.toArray())) {
            return new Raised(answers.text(), answers.numbers().get(0), answers.numbers());
        }
    }

    private static String marks(Collection<String> sources, String mark) {
        return sources.stream().map(source -> mark).collect(Collectors.joining(", "));
    }

    /** Registered apply sessions that are in the process list. */
    private final class Left {
        private final String query;
        private final List<Object> values = new ArrayList<>();

        Left(Collection<String> sources, String whose, long incarnation) {
            query = REGISTERED + " AND " + whose + " AND a.source IN (" + marks(sources, "?") + ")";
            values.add(incarnation);
            values.addAll(sources);
        }

        String query() {
            return query;
        }

        List<Object> values() {
            return values;
        }

        List<Long> connections() throws SQLException {
            return Statements.numbers(session, query, values.toArray());
        }
    }

    private interface Connections {
        List<Long> read() throws SQLException;
    }

    private Answer kill(Connections whose, Duration limit) throws SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            List<Long> left = whose.read();
            if (left.isEmpty()) {
                return Answer.ok();
            }
            if (System.nanoTime() > deadline) {
                return Answer.refused("killed apply sessions are still there: " + left);
            }
            for (long connection : left) {
                Threads.kill(session, connection);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void forgetGone() throws SQLException {
        Statements.update(
                session,
                "DELETE FROM regent_local.applier WHERE run <> regent_local.run() OR connection NOT"
                        + " IN (SELECT ID FROM information_schema.PROCESSLIST)");
    }
}

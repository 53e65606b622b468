package io.regent.sql.schema;

import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

    private static final long POLL_NANOS = Duration.ofMillis(2).toNanos();

    private final Connection session;

    /** Uses this session of the fence account, which has {@code sql_log_bin} off. */
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
        for (String source : sources) {
            if (!raise(source, epoch, incarnation)) {
                return Answer.refused(
                        "the guard of " + source + " is higher than epoch " + epoch + ", incarnation " + incarnation);
            }
        }
        Answer gone = kill(sources, "a.incarnation <> ?", incarnation, limit);
        if (gone.done()) {
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
        return kill(sources, "a.incarnation = ?", incarnation, limit);
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

    private boolean raise(String source, long epoch, long incarnation) throws SQLException {
        Statements.update(
                session, "INSERT IGNORE INTO regent_local.guard VALUES (?, ?, ?)", source, epoch, incarnation);
        return Statements.update(
                        session,
                        "UPDATE regent_local.guard SET epoch = ?, incarnation = ?"
                                + " WHERE source = ? AND (incarnation < ? OR (incarnation = ? AND epoch <= ?))",
                        epoch,
                        incarnation,
                        source,
                        incarnation,
                        incarnation,
                        epoch)
                == 1;
    }

    private Answer kill(Collection<String> sources, String whose, long incarnation, Duration limit)
            throws SQLException {
        return kill(() -> left(sources, whose, incarnation), limit);
    }

    private interface Left {
        List<Long> connections() throws SQLException;
    }

    private Answer kill(Left whose, Duration limit) throws SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            List<Long> left = whose.connections();
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

    private List<Long> left(Collection<String> sources, String whose, long incarnation) throws SQLException {
        if (sources.isEmpty()) {
            return List.of();
        }
        String marks = sources.stream().map(source -> "?").collect(Collectors.joining(", "));
        List<Object> values = new ArrayList<>(sources);
        values.add(0, incarnation);
        return Statements.numbers(
                session, REGISTERED + " AND " + whose + " AND a.source IN (" + marks + ")", values.toArray());
    }

    private void forgetGone() throws SQLException {
        Statements.update(
                session,
                "DELETE FROM regent_local.applier WHERE run <> regent_local.run() OR connection NOT"
                        + " IN (SELECT ID FROM information_schema.PROCESSLIST)");
    }
}

package io.regent.sql.fence;

import io.regent.sql.schema.Answer;
import io.regent.sql.schema.CommitProbe;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Probe writes on one server, one at a time, each on a thread of its own: a commit that hangs is waited for as long as it
 * takes, and holds nobody else up.
 *
 * <p>It keeps its session, so that a server without a free connection is not taken for one whose commits hang. And it does
 * not give one up whose statement is under way: no client can call a commit back, and the next would hang beside it.
 */
public final class CommitWatch implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /** Who is not let in or waits for a lock says nothing about commits, and waits no longer than this. */
    private static final String SETTINGS =
            "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, wait_timeout = 31536000";

    private final Sessions sessions;
    private volatile boolean underWay;
    private volatile String failure = "";
    private volatile boolean closed;
    private volatile @Nullable Connection session;
    private volatile long connectionId;
    private volatile String user = "";

    /**
     * Connects at the first probe.
     *
     * @param client sessions of an account that a closed server refuses
     */
    public CommitWatch(Sessions client) {
        this.sessions = client.connectTimeout(CONNECT).socketTimeout(ANSWER).program("regent-probe");
    }

    /**
     * Begins a probe write and does not wait for it: one that gets through shows in the executed set. Used by one thread.
     *
     * <p>OK: one is under way. If one was before, the server is still at its commit, or had answered that it cannot store
     * what it is to. REFUSED: the last one failed of something else, so that nothing is known about commits.
     *
     * @param fence asked whether the server is at the statement that is under way
     * @param first whether what came of earlier ones does not matter
     * @throws SQLException if the fence's server does not answer
     */
    public Answer begin(Fence fence, boolean first) throws SQLException {
        if (underWay) {
            return hangs(fence);
        }
        String why = first ? "" : failure;
        failure = "";
        if (!why.isEmpty()) {
            return Answer.refused(why);
        }
        underWay = true;
        Thread thread = new Thread(this::run, "probe-" + sessions.address());
        thread.setDaemon(true);
        thread.start();
        return Answer.ok();
    }

    /** Whether one has not come to its end. */
    boolean isUnderWay() {
        return underWay;
    }

    private Answer hangs(Fence fence) throws SQLException {
        if (isAtIt(fence) || !underWay) {
            return Answer.ok();
        }
        abort();
        return Answer.refused("its session does not answer, and the server is at nothing in it");
    }

    /** The list of sessions takes room on the disk: a server that has none even for that is at it still. */
    private boolean isAtIt(Fence fence) throws SQLException {
        try {
            return fence.isExecuting(connectionId, user);
        } catch (SQLException e) {
            if (MysqlErrors.isOfStorage(e)) {
                return true;
            }
            throw e;
        }
    }

    private void run() {
        String why = "it broke";
        try {
            write();
            why = "";
        } catch (SQLException e) {
            why = MysqlErrors.isOfStorage(e) ? "" : MysqlErrors.message(e);
        } finally {
            failure = why;
            underWay = false;
        }
    }

    /** A session that was kept may have been lost long ago; then it is tried once more. */
    private void write() throws SQLException {
        boolean kept = session != null;
        try {
            CommitProbe.write(ready());
        } catch (SQLException e) {
            boolean lost = MysqlErrors.isConnectionLost(e);
            if (lost) {
                abort();
            }
            if (!lost || !kept || closed) {
                throw e;
            }
            CommitProbe.write(ready());
        }
    }

    private Connection ready() throws SQLException {
        Connection current = session;
        if (current != null) {
            return current;
        }
        Connection opened = sessions.open();
        try {
            prepare(opened);
        } catch (SQLException e) {
            // Half of one would give up waiting too early, and the next would wait for what it left behind.
            opened.abort(Runnable::run);
            throw e;
        }
        session = opened;
        if (closed) {
            abort();
        }
        return opened;
    }

    /** Without a list of sessions, which a full disk has no room for. */
    private void prepare(Connection opened) throws SQLException {
        Statements.execute(opened, SETTINGS);
        connectionId = Statements.numbers(opened, "SELECT CONNECTION_ID()").get(0);
        user = Statements.text(opened, "SELECT REGEXP_REPLACE(USER(), '@[^@]*$', '')")
                .orElse("");
        opened.setNetworkTimeout(Runnable::run, 0);
    }

    private void abort() {
        Connection current = session;
        session = null;
        connectionId = 0;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                failure = MysqlErrors.message(e);
            }
        }
    }

    /** Gives its session up, whatever it is at. */
    @Override
    public void close() {
        closed = true;
        abort();
    }
}

package io.regent.sql.fence;

import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes the dead-man out of a server for good. What makes it long is a run of its event that waits for the one before: killed,
 * that one makes room for it, and where {@code regent_local} is gone, or has lost its rows, by then, it closes the server. So
 * the server first forgets that it ever belonged to a cluster, which every run asks before it looks at leases; then the event
 * goes, and runs of it are ended until none has been there for longer than two of them can be apart. Only then may whoever
 * asks believe that an open server stays open, and {@code regent_local} be dropped.
 */
public final class Retirement {
    /** Longer than the time from one run to the next, and than a run waits for the one before it. */
    public static final Duration QUIET = Duration.ofMillis(1500);

    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();
    private static final String SCHEMA = "regent_local";

    private final Connection admin;
    private final String fence;

    /**
     * Nothing is done yet.
     *
     * @param admin a session of an administrator; from now on it logs nothing
     * @param fence user name of the fence account, as which the event runs
     */
    public Retirement(Connection admin, String fence) throws SQLException {
        this.admin = admin;
        this.fence = fence;
        Statements.execute(admin, "SET SESSION sql_log_bin = 0, lock_wait_timeout = 10");
    }

    /**
     * From now on nothing closes the server because of a lease: it forgets its epochs, and no run of the event begins any
     * more. Only once coordinators are locked out: one that sees the cluster would record its epoch again, or take the server
     * for one of an older epoch, and close it.
     */
    public void begin() throws SQLException {
        if (isThere()) {
            Parting.writable(admin);
            Statements.execute(admin, "DELETE FROM regent_local.epoch");
            Statements.execute(admin, "DROP TABLE IF EXISTS regent_local.adoption");
        }
        Statements.execute(admin, "DROP EVENT IF EXISTS regent_local.deadman");
        endRuns();
    }

    /**
     * Waits until no run was there for {@link #QUIET}.
     *
     * @return false if one was there to the end of the limit
     */
    public boolean await(Duration limit) throws SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        long quietSince = System.nanoTime();
        while (System.nanoTime() - quietSince < QUIET.toNanos()) {
            if (endRuns()) {
                quietSince = System.nanoTime();
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** Forgets what else the server knows of the cluster. Once {@link #await} was true. */
    public void finish() throws SQLException {
        if (isThere()) {
            Parting.writable(admin);
            for (String table : List.of("epoch", "guard", "applier", "verdict", "rewound")) {
                Statements.execute(admin, "DELETE FROM " + Quoting.identifier(SCHEMA, table));
            }
        }
    }

    /** Kills what runs, or waits to; whether there was anything. */
    private boolean endRuns() throws SQLException {
        List<Long> runs = new ArrayList<>(Statements.numbers(
                admin,
                "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ? AND HOST NOT LIKE '%:%'"
                        + " AND ID <> CONNECTION_ID()",
                fence));
        Statements.numbers(admin, "SELECT COALESCE(IS_USED_LOCK('regent.deadman'), 0)").stream()
                .filter(holder -> holder != 0)
                .forEach(runs::add);
        for (long run : runs) {
            Threads.kill(admin, run);
        }
        return !runs.isEmpty();
    }

    private boolean isThere() throws SQLException {
        return isThere(admin);
    }

    private static boolean isThere(Connection admin) throws SQLException {
        return Statements.numbers(
                                admin,
                                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '" + SCHEMA
                                        + "' AND TABLE_NAME IN ('epoch', 'guard', 'applier', 'verdict', 'rewound')")
                        .get(0)
                == 5;
    }
}

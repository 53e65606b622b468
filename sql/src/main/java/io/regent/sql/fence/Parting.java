package io.regent.sql.fence;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Takes Regent's hands off a server, so that whatever coordinators do from then on, none of them changes it: mysqld itself
 * lets them in no more. Nothing of it is replicated; {@code init} takes it back.
 */
public final class Parting {
    private static final String HOST = "%";
    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

    /** A session that logged in right before its account was locked is seen by then. */
    private static final int TIMES_EMPTY = 3;

    /** A client's session comes by TCP and has a port; an event runs as its definer and has none. */
    private static final String SESSIONS =
            "SELECT ID FROM information_schema.PROCESSLIST WHERE HOST LIKE '%:%' AND USER IN (";

    private final Connection admin;
    private final List<String> users;

    /**
     * Nothing is done yet.
     *
     * @param admin a session of an administrator; from now on it logs nothing
     * @param users names of the accounts that change a server: fence and apply
     */
    public Parting(Connection admin, Collection<String> users) throws SQLException {
        this.admin = admin;
        this.users = List.copyOf(users);
        Statements.execute(admin, "SET SESSION sql_log_bin = 0, lock_wait_timeout = 10");
    }

    /**
     * What a server has of Regent.
     *
     * @param epoch the newest epoch that it recorded; 0 if none
     * @param parted whether all accounts that change it are locked
     * @param unsettled how many verdicts it has not settled
     * @param rewound transactions that were undone in it, and whose bytes its binlog may have
     */
    public record Ties(long epoch, boolean parted, long unsettled, GtidSet rewound) {}

    /** Reads that; {@code regent_local} must be there. */
    public Ties read() throws SQLException {
        long open = Statements.numbers(
                        admin,
                        "SELECT COUNT(*) FROM mysql.user WHERE Host = '" + HOST
                                + "' AND account_locked = 'N' AND User IN (" + names() + ")")
                .get(0);
        List<String> rewound = new ArrayList<>();
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery("SELECT gtid FROM regent_local.rewound")) {
            while (row.next()) {
                rewound.add(row.getString(1));
            }
        }
        return new Ties(
                number("SELECT COALESCE(MAX(epoch), 0) FROM regent_local.epoch"),
                open == 0,
                number("SELECT COUNT(*) FROM regent_local.verdict WHERE settled IS NULL"),
                GtidSet.parse(String.join(",", rewound)));
    }

    /**
     * Locks the accounts and ends their sessions.
     *
     * @return what is still there after the limit; empty if nothing
     */
    public Optional<String> lockOut(Duration limit) throws SQLException {
        writable();
        for (String user : users) {
            Statements.execute(admin, "ALTER USER IF EXISTS " + Quoting.account(user, HOST) + " ACCOUNT LOCK");
        }
        long deadline = System.nanoTime() + limit.toNanos();
        int empty = 0;
        while (empty < TIMES_EMPTY) {
            List<Long> left = Statements.numbers(admin, SESSIONS + names() + ")");
            for (long session : left) {
                Threads.kill(admin, session);
            }
            empty = left.isEmpty() ? empty + 1 : 0;
            if (!left.isEmpty() && System.nanoTime() - deadline > 0) {
                return Optional.of("sessions of Regent's accounts were killed and are still there: " + left);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return Optional.empty();
    }

    /**
     * From now on nothing closes the server because of a lease: it forgets that it ever belonged to a cluster, which the
     * dead-man asks before it looks at leases, and then the dead-man itself is removed. Only once {@link #lockOut} is done:
     * a coordinator would record its epoch again.
     */
    public void ungovern() throws SQLException {
        writable();
        Statements.execute(admin, "DELETE FROM regent_local.epoch");
        Statements.execute(admin, "DROP EVENT IF EXISTS regent_local.deadman");
        long watches = number("SELECT COALESCE(IS_USED_LOCK('regent.deadman'), 0)");
        if (watches != 0) {
            Threads.kill(admin, watches);
        }
        for (String table : List.of("guard", "applier", "verdict", "rewound")) {
            Statements.execute(admin, "DELETE FROM " + Quoting.identifier("regent_local", table));
        }
    }

    /** The row of the probe writes of another server, which that one changes, and never makes again. */
    public void expectProbesOf(String serverUuid) throws SQLException {
        writable();
        Statements.execute(
                admin,
                "INSERT IGNORE INTO regent_probe.written (server_uuid, number, at) VALUES (?, 0, UTC_TIMESTAMP(6))",
                serverUuid);
    }

    /** From its next start on it is not SEALED any more. */
    public void startsOpen() throws SQLException {
        Statements.execute(admin, "RESET PERSIST IF EXISTS super_read_only");
    }

    /** {@code super_read_only} keeps an administrator from local rows; {@code read_only} stays. */
    private void writable() throws SQLException {
        if (ServerState.read(admin).writeState() == WriteState.SEALED) {
            Statements.execute(admin, "SET GLOBAL super_read_only = OFF");
        }
    }

    private String names() {
        return users.stream().map(Quoting::string).collect(Collectors.joining(", "));
    }

    private long number(String query) throws SQLException {
        return Statements.numbers(admin, query).get(0);
    }
}

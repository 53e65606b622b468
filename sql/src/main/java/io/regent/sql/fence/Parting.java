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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Takes Regent's hands off a server, so that whatever coordinators do from then on, none of them changes it: mysqld itself
 * lets them in no more. Nothing of it is replicated; {@code init} takes it back. The dead-man has its own {@link Retirement}.
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

    /** Whether an account can be used. One that is not there is not one that was locked. */
    public enum Account {
        /** There is none. */
        ABSENT,
        /** It is there, and nobody can log in by it. */
        LOCKED,
        /** It is there and not locked. */
        USABLE
    }

    /**
     * What a server has of Regent.
     *
     * @param epoch the newest epoch that it recorded; 0 if none
     * @param accounts those that change it, by name
     * @param unsettled how many verdicts it has not settled
     * @param rewound transactions that were undone in it, and whose bytes its binlog may have
     */
    public record Ties(long epoch, Map<String, Account> accounts, long unsettled, GtidSet rewound) {
        /** Copies the map. */
        public Ties {
            accounts = Map.copyOf(accounts);
        }

        /** The accounts of which this is true, in order. */
        public List<String> of(Account state) {
            return accounts.entrySet().stream()
                    .filter(account -> account.getValue() == state)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
        }
    }

    /** Reads that; {@code regent_local} must be there. */
    public Ties read() throws SQLException {
        List<String> rewound = new ArrayList<>();
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery("SELECT gtid FROM regent_local.rewound")) {
            while (row.next()) {
                rewound.add(row.getString(1));
            }
        }
        return new Ties(
                number("SELECT COALESCE(MAX(epoch), 0) FROM regent_local.epoch"),
                accounts(),
                number("SELECT COUNT(*) FROM regent_local.verdict WHERE settled IS NULL"),
                GtidSet.parse(String.join(",", rewound)));
    }

    /** The accounts as they are; needs nothing else of Regent. */
    public Map<String, Account> accounts() throws SQLException {
        Map<String, Account> all = new LinkedHashMap<>();
        for (String user : users) {
            Optional<String> locked = Statements.text(
                    admin, "SELECT account_locked FROM mysql.user WHERE Host = '" + HOST + "' AND User = ?", user);
            all.put(
                    user,
                    locked.map(is -> is.equals("Y") ? Account.LOCKED : Account.USABLE)
                            .orElse(Account.ABSENT));
        }
        return all;
    }

    /**
     * Sees that definitions of accounts get through here: nothing (a backup, for one) holds them up. The accounts must be
     * usable; they stay so.
     *
     * @throws SQLException if they do not, within two seconds
     */
    public void rehearse() throws SQLException {
        Statements.execute(admin, "SET SESSION lock_wait_timeout = 2");
        try {
            for (String user : users) {
                Statements.execute(admin, "ALTER USER IF EXISTS " + Quoting.account(user, HOST) + " ACCOUNT UNLOCK");
            }
        } finally {
            Statements.execute(admin, "SET SESSION lock_wait_timeout = 10");
        }
    }

    /**
     * Locks the accounts and ends their sessions.
     *
     * @return what is still there after the limit; empty if nothing
     */
    public Optional<String> lockOut(Duration limit) throws SQLException {
        writable(admin);
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

    /** The row of the probe writes of another server, which that one changes, and never makes again. */
    public void expectProbesOf(String serverUuid) throws SQLException {
        writable(admin);
        Statements.execute(
                admin,
                "INSERT IGNORE INTO regent_probe.written (server_uuid, number, at) VALUES (?, 0, UTC_TIMESTAMP(6))",
                serverUuid);
    }

    /** {@code super_read_only} keeps an administrator from local rows; {@code read_only} stays. */
    static void writable(Connection admin) throws SQLException {
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

package io.regent.sql.blocker;

import io.regent.sql.blocker.Blocker.Kind;
import io.regent.sql.session.Statements;
import io.regent.sql.session.Threads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@link Blocker}s of a server (FACTS.md, "Closing a MySQL"). {@code SET GLOBAL read_only} waits for whoever has the
 * global lock: FLUSH TABLES WITH READ LOCK, LOCK TABLES ... WRITE, and every statement that writes. A transaction that is
 * idle holds nothing up, and its COMMIT is refused afterwards.
 *
 * <p>Statements and transactions count from a second on: shorter ones end by themselves before a closing throws anybody
 * out. Needs PROCESS and SELECT on {@code performance_schema}.
 *
 * <p>Whoever asks may have a lease to renew on the same session: a server with so many sessions that the answer takes over
 * half a second refuses it (3024) instead.
 */
public final class Blockers {
    private static final Duration LONG = Duration.ofSeconds(1);

    /** Sessions but the own one, the fence's, dump threads and mysqld's internals. */
    static final String CLIENTS = """
            p.ID <> CONNECTION_ID() AND p.USER NOT IN ('system user', 'event_scheduler', ?)
              AND p.COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')""";

    /**
     * {@code trx_started} is in the time zone of the system, whatever the session's. {@code INNODB_TRX} is a copy that InnoDB
     * makes anew only if nobody has read it for 0.1 s: it may show what ended long ago, which {@code performance_schema} knows.
     */
    private static final String TRANSACTIONS = """
            SELECT /*+ MAX_EXECUTION_TIME(500) */ p.ID, p.USER, p.HOST, p.COMMAND,
                   COALESCE(IF(e.STATE = 'ACTIVE', e.TIMER_WAIT DIV 1000000000, NULL),
                            TIMESTAMPDIFF(MICROSECOND, x.trx_started,
                                          CONVERT_TZ(NOW(6), @@session.time_zone, 'SYSTEM')) DIV 1000),
                   x.trx_rows_modified, LEFT(COALESCE(s.DIGEST_TEXT, ''), 80)
            FROM information_schema.INNODB_TRX x
            JOIN information_schema.PROCESSLIST p ON p.ID = x.trx_mysql_thread_id
            LEFT JOIN performance_schema.threads t ON t.PROCESSLIST_ID = p.ID
            LEFT JOIN performance_schema.events_transactions_current e ON e.THREAD_ID = t.THREAD_ID
            LEFT JOIN performance_schema.events_statements_current s ON s.THREAD_ID = t.THREAD_ID
            WHERE (x.trx_rows_modified > 0 OR x.trx_rows_locked > 0)
              AND COALESCE(e.STATE, 'ACTIVE') = 'ACTIVE'""" + " AND " + CLIENTS;

    private static final String INSTRUMENTED =
            "SELECT ENABLED FROM performance_schema.setup_instruments WHERE NAME = 'wait/lock/metadata/sql/mdl'";

    private Blockers() {}

    /**
     * Those of now, the oldest first.
     *
     * @param spared a user whose sessions do not count: the fence's
     */
    public static List<Blocker> read(Connection session, String spared) throws SQLException {
        Map<Long, Blocker> all = new LinkedHashMap<>();
        for (Blocker found : LockHolders.read(session, spared)) {
            all.merge(found.session(), found, Blockers::both);
        }
        for (Blocker found : transactions(session, spared)) {
            all.merge(found.session(), found, Blockers::both);
        }
        List<Blocker> sorted = new ArrayList<>(all.values());
        sorted.removeIf(blocker -> !holdsUp(blocker));
        sorted.sort((one, other) -> other.age().compareTo(one.age()));
        return sorted;
    }

    /** Why locks of tables cannot be seen on this server; empty if they can. */
    public static String blindness(Connection session) throws SQLException {
        Optional<String> enabled = Statements.text(session, INSTRUMENTED);
        return enabled.filter("YES"::equals).isPresent()
                ? ""
                : "performance_schema does not keep track of metadata locks (instrument wait/lock/metadata/sql/mdl)";
    }

    /** Kills these; they may live on until what they did is rolled back. */
    public static void end(Connection session, List<Long> sessions) throws SQLException {
        for (long id : sessions) {
            Threads.kill(session, id);
        }
    }

    private static boolean holdsUp(Blocker blocker) {
        return switch (blocker.kind()) {
            case GLOBAL_READ_LOCK, LOCK_TABLES -> true;
            case DEFINITION, STATEMENT, TRANSACTION -> blocker.age().compareTo(LONG) >= 0;
        };
    }

    /** A session that has a lock and a transaction, or several rows of a table: the kind of the first, the rows of all. */
    private static Blocker both(Blocker one, Blocker other) {
        Duration age = one.age().compareTo(other.age()) > 0 ? one.age() : other.age();
        return new Blocker(
                one.session(),
                one.user(),
                one.host(),
                one.kind(),
                age,
                Math.max(one.rows(), other.rows()),
                one.statement(),
                one.ending());
    }

    private static List<Blocker> transactions(Connection session, String spared) throws SQLException {
        List<Blocker> all = new ArrayList<>();
        try (PreparedStatement statement = session.prepareStatement(TRANSACTIONS)) {
            statement.setString(1, spared);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.add(blocker(row, Kind.TRANSACTION));
                }
            }
        }
        return all;
    }

    /** From id, user, host, command, age in ms, rows and statement, in this order. */
    static Blocker blocker(ResultSet row, Kind kind) throws SQLException {
        return new Blocker(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                kind,
                Duration.ofMillis(Math.max(0, row.getLong(5))),
                row.getLong(6),
                row.getString(7),
                row.getString(4).equals("Killed"));
    }
}

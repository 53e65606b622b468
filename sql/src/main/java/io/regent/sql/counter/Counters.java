package io.regent.sql.counter;

import io.regent.sql.session.Quoting;
import io.regent.sql.session.Statements;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counters of a server's own tables, those of system schemas left out.
 *
 * <p>Each server has its own: what it inserts raises it, row events that it applies and explicit values too (8.0.33,
 * tried), and an undone or rolled back insert leaves it raised. What it never executed does not.
 *
 * <p>Raised is by {@code ALTER TABLE ... AUTO_INCREMENT} with {@code sql_log_bin=0}: nothing is rebuilt, no other server
 * is told, and no history holds a definition by it, which would keep stranded transactions from being certified. The table
 * is locked meanwhile, so that none is ever lowered; a client that vanishes meanwhile leaves the lock for seconds and not
 * for hours.
 */
public final class Counters {
    private static final String FROM = "SELECT c.TABLE_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME, t.AUTO_INCREMENT"
            + " FROM information_schema.COLUMNS c JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)"
            + " WHERE c.EXTRA LIKE '%auto_increment%' AND t.TABLE_TYPE = 'BASE TABLE'";
    private static final String SYSTEM = " AND c.TABLE_SCHEMA NOT IN"
            + " ('mysql', 'sys', 'information_schema', 'performance_schema', 'regent_local')";

    /** A counter that is there gives out nothing any more, as one above its column's type does (8.0.33, tried). */
    private static final BigInteger LAST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    /** In seconds: how long a session that locked a table may stay silent. */
    private static final int SILENCE = 5;

    private Counters() {}

    /** A table that has a counter. */
    public record Table(String schema, String name) {
        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /**
     * A table's counter.
     *
     * @param column whose values it gives out
     * @param next the value that it gives out next; after a start of mysqld, and until its first use, the last that it gave
     *     out (8.0.33, tried)
     */
    public record Counter(Table table, String column, BigInteger next) {}

    /** All of them, as they are at this moment: tables are opened for that. */
    public static List<Counter> read(Connection session) throws SQLException {
        fresh(session);
        List<Counter> all = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(FROM + SYSTEM)) {
            while (row.next()) {
                all.add(counter(row));
            }
        }
        return all;
    }

    /** That of one table; empty if it has none, or is not there. */
    public static Optional<Counter> read(Connection session, Table table) throws SQLException {
        fresh(session);
        try (PreparedStatement query =
                session.prepareStatement(FROM + SYSTEM + " AND c.TABLE_SCHEMA = ? AND c.TABLE_NAME = ?")) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(counter(row)) : Optional.empty();
            }
        }
    }

    private static void fresh(Connection session) throws SQLException {
        Statements.execute(session, "SET SESSION information_schema_stats_expiry = 0");
    }

    private static Counter counter(ResultSet row) throws SQLException {
        String next = row.getString(4);
        return new Counter(
                new Table(row.getString(1), row.getString(2)),
                row.getString(3),
                next == null ? BigInteger.ONE : new BigInteger(next));
    }

    /** For each table a value that its counter did not go beyond. */
    public static Map<Table, BigInteger> givenOut(List<Counter> counters) {
        Map<Table, BigInteger> all = new HashMap<>();
        counters.forEach(counter -> all.put(counter.table(), counter.next()));
        return all;
    }

    /**
     * Sees to it that no counter of this server gives out one of these values or a smaller one. A table that it does not
     * have is passed over. Tables that somebody holds are waited for as long as the session's {@code lock_wait_timeout}.
     *
     * @param session of an account with ALTER and LOCK TABLES that passes {@code read_only} and has locked nothing; the
     *     server is STANDBY or OPEN
     * @return the tables whose counters were raised
     * @throws SQLException if one of them could not be; those before it are
     */
    public static List<Table> raise(Connection session, Map<Table, BigInteger> above) throws SQLException {
        List<Table> raised = new ArrayList<>();
        for (Map.Entry<Table, BigInteger> entry : above.entrySet()) {
            if (raise(session, entry.getKey(), entry.getValue())) {
                raised.add(entry.getKey());
            }
        }
        return raised;
    }

    /**
     * The same for one table.
     *
     * @return whether its counter was raised; else it was there already, or the server has none
     */
    public static boolean raise(Connection session, Table table, BigInteger above) throws SQLException {
        BigInteger next = above.add(BigInteger.ONE).min(LAST);
        if (isAt(session, table, next)) {
            return false;
        }
        boolean logged =
                Statements.numbers(session, "SELECT @@SESSION.sql_log_bin").contains(1L);
        long silence =
                Statements.numbers(session, "SELECT @@SESSION.wait_timeout").get(0);
        Statements.execute(
                session, "SET SESSION sql_log_bin = 0, SESSION wait_timeout = " + Math.min(silence, SILENCE));
        try {
            return raiseAlone(session, table, next);
        } finally {
            Statements.execute(
                    session, "SET SESSION sql_log_bin = " + (logged ? 1 : 0) + ", SESSION wait_timeout = " + silence);
        }
    }

    /**
     * With everybody else kept out from the look to the change: ALTER takes each value above the greatest row that is
     * there at its moment, so it would lower a counter that ran ahead meanwhile and whose rows were deleted.
     */
    private static boolean raiseAlone(Connection session, Table table, BigInteger next) throws SQLException {
        String name = Quoting.identifier(table.schema(), table.name());
        Statements.execute(session, "LOCK TABLES " + name + " WRITE");
        try {
            if (isAt(session, table, next)) {
                return false;
            }
            Statements.execute(session, "ALTER TABLE " + name + " AUTO_INCREMENT = " + next + ", ALGORITHM = INPLACE");
            return true;
        } finally {
            Statements.execute(session, "UNLOCK TABLES");
        }
    }

    private static boolean isAt(Connection session, Table table, BigInteger next) throws SQLException {
        Optional<Counter> counter = read(session, table);
        return counter.isEmpty() || counter.get().next().compareTo(next) >= 0;
    }
}

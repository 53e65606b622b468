package io.regent.docker.lab.load.workload;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.SnapshotRule;
import io.regent.docker.lab.check.rule.Tokens;
import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.load.Operations;
import io.regent.docker.lab.load.Operations.Change;
import io.regent.docker.lab.load.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Counters, and lists that only grow: each transaction raises the counter of a key and appends an entry under the number
 * that it got. So in every snapshot a key has as many entries as it counts, numbered without a gap. Before, the client
 * reads the last entry of another key: the new entry names it, its server and its own, and no region may show an entry
 * without the one that its client had seen.
 *
 * <p>Entries of different keys do not depend on each other, so where both are of one server the promise is only that the
 * one seen comes at most a group commit later; where they are of two, it is there first.
 */
public final class Ledger implements Workload {
    private static final int KEYS = 16;
    private static final int MOST = 20;
    private static final int NEWEST_IDS = 40_000;
    private static final String APPEND = "append";

    private static final SnapshotRule COUNTS = new SnapshotRule(
            Invariant.EXACTLY_ONCE,
            "counters and their entries",
            "identity.ledger_key",
            "SELECT '', 0, CONCAT(c.k, ' counts ', c.n, ' and has ', COALESCE(e.entries, 0), ' entries under ',"
                    + " COALESCE(e.numbers, 0), ' numbers') FROM identity.ledger_key c LEFT JOIN"
                    + " (SELECT k, COUNT(*) AS entries, COUNT(DISTINCT n) AS numbers FROM identity.ledger_entry GROUP BY k)"
                    + " AS e ON e.k = c.k WHERE c.n <> COALESCE(e.entries, 0) OR c.n <> COALESCE(e.numbers, 0)");

    private static final SnapshotRule GAPS = new SnapshotRule(
            Invariant.CAUSAL_ORDER,
            "entries of one key",
            "identity.ledger_entry",
            "SELECT '', 0, CONCAT(k, ' shows number ', MAX(n), ' and only ', COUNT(DISTINCT n), ' up to it')"
                    + " FROM identity.ledger_entry GROUP BY k HAVING MAX(n) > COUNT(DISTINCT n)");

    private static final SnapshotRule SEEN = new SnapshotRule(
            Invariant.CAUSAL_ORDER,
            "entries and what their clients had seen",
            "identity.ledger_entry",
            "SELECT e.token, e.origin = e.seen_origin, CONCAT(e.token, ' of ', e.origin, ' is there, and not ', e.seen,"
                    + " ' of ', e.seen_origin, ', which its client had seen') FROM identity.ledger_entry e"
                    + " LEFT JOIN identity.ledger_entry c ON c.token = e.seen WHERE e.seen <> '' AND c.id IS NULL"
                    + " AND e.id > (SELECT MAX(id) FROM identity.ledger_entry) - " + NEWEST_IDS + " LIMIT " + MOST);

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public void create(Connection session) throws SQLException {
        String keys =
                IntStream.range(0, KEYS).mapToObj(key -> "('k" + key + "', 0)").collect(Collectors.joining(", "));
        Schema.create(session, """
                CREATE TABLE IF NOT EXISTS identity.ledger_key (
                  k VARCHAR(8) PRIMARY KEY,
                  n BIGINT NOT NULL
                ) ENGINE=InnoDB""", """
                CREATE TABLE IF NOT EXISTS identity.ledger_entry (
                  id BIGINT AUTO_INCREMENT PRIMARY KEY,
                  k VARCHAR(8) NOT NULL,
                  n BIGINT NOT NULL,
                  token VARCHAR(40) NOT NULL,
                  origin CHAR(36) NOT NULL,
                  seen VARCHAR(40) NOT NULL,
                  seen_origin VARCHAR(36) NOT NULL,
                  KEY (k, n),
                  KEY (token)
                ) ENGINE=InnoDB""", "INSERT IGNORE INTO identity.ledger_key (k, n) VALUES " + keys);
    }

    @Override
    public Operations operations(int client, Random random) {
        return new Operations() {
            private int number;

            @Override
            public void next(Writer writer) throws SQLException {
                number++;
                append(writer, random, "c" + client + "-" + number);
            }
        };
    }

    /** The number is the counter's, by {@code LAST_INSERT_ID}; the entry holds it as a plain value. */
    private static void append(Operations.Writer writer, Random random, String token) throws SQLException {
        String key = "k" + random.nextInt(KEYS);
        List<String> seen = lastOf(writer, "k" + random.nextInt(KEYS));
        Change count = Change.ofOneRow("UPDATE identity.ledger_key SET n = LAST_INSERT_ID(n + 1) WHERE k = ?", key);
        Change entry = Change.ofOneRow(
                "INSERT INTO identity.ledger_entry (k, n, token, origin, seen, seen_origin)"
                        + " VALUES (?, LAST_INSERT_ID(), ?, @@server_uuid, ?, ?)",
                key,
                token,
                seen.get(0),
                seen.get(1));
        writer.write(new Intent(APPEND, key, token), List.of(count, entry));
    }

    private static List<String> lastOf(Operations.Writer writer, String key) throws SQLException {
        List<List<String>> rows =
                writer.read("SELECT token, origin FROM identity.ledger_entry WHERE k = ? ORDER BY n DESC LIMIT 1", key);
        return rows.isEmpty() ? List.of("", "") : rows.get(0);
    }

    @Override
    public List<SnapshotRule> snapshotRules() {
        return List.of(COUNTS, GAPS, SEEN);
    }

    @Override
    public List<Checker> checkers() {
        return List.of(new Tokens("entries", APPEND, "", "SELECT token FROM identity.ledger_entry"));
    }

    @Override
    public Set<Invariant> promises() {
        return Set.of(Invariant.CAUSAL_ORDER, Invariant.EXACTLY_ONCE, Invariant.NO_LOSS);
    }
}

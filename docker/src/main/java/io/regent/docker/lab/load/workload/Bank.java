package io.regent.docker.lab.load.workload;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.EmptyQuery;
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
 * Transfers between a few accounts, each a transaction of three statements: however many of them are lost by a failover,
 * the sum over all accounts stays what it was.
 */
public final class Bank implements Workload {
    private static final int ACCOUNTS = 20;
    private static final int BALANCE = 1000;
    private static final int MOST = 100;
    private static final String TRANSFER = "transfer";

    private static final SnapshotRule SUM = new SnapshotRule(
            Invariant.CONSTANT_SUM,
            "the sum over all accounts",
            "identity.bank_account",
            "SELECT '', 0, CONCAT(accounts, ' accounts with ', total) FROM"
                    + " (SELECT COUNT(*) AS accounts, SUM(balance) AS total FROM identity.bank_account) AS now"
                    + " WHERE accounts <> " + ACCOUNTS + " OR total <> " + ACCOUNTS * BALANCE);

    private static final EmptyQuery BALANCES = new EmptyQuery(
            Invariant.EXACTLY_ONCE,
            "balances, each by its transfers",
            "identity.bank_account",
            "SELECT 'account', a.id, 'has', a.balance, 'and its transfers say', a.should FROM (SELECT b.id, b.balance, "
                    + BALANCE + " + (SELECT COALESCE(SUM(amount), 0) FROM identity.bank_transfer WHERE target = b.id)"
                    + " - (SELECT COALESCE(SUM(amount), 0) FROM identity.bank_transfer WHERE source = b.id) AS should"
                    + " FROM identity.bank_account b) AS a WHERE a.balance <> a.should");

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public void create(Connection session) throws SQLException {
        String accounts = IntStream.rangeClosed(1, ACCOUNTS)
                .mapToObj(id -> "(" + id + ", " + BALANCE + ")")
                .collect(Collectors.joining(", "));
        Schema.create(session, """
                CREATE TABLE IF NOT EXISTS identity.bank_account (
                  id INT PRIMARY KEY,
                  balance BIGINT NOT NULL
                ) ENGINE=InnoDB""", """
                CREATE TABLE IF NOT EXISTS identity.bank_transfer (
                  id BIGINT AUTO_INCREMENT PRIMARY KEY,
                  token VARCHAR(40) NOT NULL,
                  source INT NOT NULL,
                  target INT NOT NULL,
                  amount BIGINT NOT NULL,
                  KEY (source, amount),
                  KEY (target, amount)
                ) ENGINE=InnoDB""", "INSERT IGNORE INTO identity.bank_account (id, balance) VALUES " + accounts);
    }

    @Override
    public Operations operations(int client, Random random) {
        return new Operations() {
            private int number;

            @Override
            public void next(Writer writer) throws SQLException {
                number++;
                transfer(writer, random, "c" + client + "-" + number);
            }
        };
    }

    /** The account with the lower number first: then no two transfers wait for each other. */
    private static void transfer(Operations.Writer writer, Random random, String token) throws SQLException {
        int source = 1 + random.nextInt(ACCOUNTS);
        int target = 1 + (source + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        int amount = 1 + random.nextInt(MOST);
        Change take = Change.ofOneRow(
                "UPDATE identity.bank_account SET balance = balance - ? WHERE id = ? AND balance >= ?",
                amount,
                source,
                amount);
        Change give =
                Change.ofOneRow("UPDATE identity.bank_account SET balance = balance + ? WHERE id = ?", amount, target);
        Change note = Change.ofOneRow(
                "INSERT INTO identity.bank_transfer (token, source, target, amount) VALUES (?, ?, ?, ?)",
                token,
                source,
                target,
                amount);
        List<Change> all = source < target ? List.of(take, give, note) : List.of(give, take, note);
        writer.write(new Intent(TRANSFER, source + " to " + target, token), all);
    }

    @Override
    public List<SnapshotRule> snapshotRules() {
        return List.of(SUM);
    }

    @Override
    public List<Checker> checkers() {
        return List.of(BALANCES, new Tokens("transfers", TRANSFER, "", "SELECT token FROM identity.bank_transfer"));
    }

    @Override
    public Set<Invariant> promises() {
        return Set.of(Invariant.CONSTANT_SUM, Invariant.EXACTLY_ONCE, Invariant.NO_LOSS);
    }
}

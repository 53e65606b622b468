package io.regent.docker.lab.load.workload;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.SnapshotRule;
import io.regent.docker.lab.check.rule.Tokens;
import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.load.Operations;
import io.regent.docker.lab.load.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Rows of clients that write to one region each, whoever is master: whatever any server acknowledges to them counts as
 * every other acknowledged write does.
 */
public final class Stubborn implements Workload {
    private static final String INSIST = "insist";

    @Override
    public String name() {
        return "stubborn";
    }

    @Override
    public void create(Connection session) throws SQLException {
        Schema.create(session, """
                CREATE TABLE IF NOT EXISTS identity.stubborn (
                  id BIGINT AUTO_INCREMENT PRIMARY KEY,
                  token VARCHAR(40) NOT NULL
                ) ENGINE=InnoDB""");
    }

    @Override
    public Operations operations(int client, Random random) {
        return new Operations() {
            private int number;

            @Override
            public void next(Writer writer) throws SQLException {
                number++;
                String token = "c" + client + "-" + number;
                writer.write(new Intent(INSIST, "", token), "INSERT INTO identity.stubborn (token) VALUES (?)", token);
            }
        };
    }

    @Override
    public List<SnapshotRule> snapshotRules() {
        return List.of();
    }

    @Override
    public List<Checker> checkers() {
        return List.of(new Tokens("stubborn rows", INSIST, "", "SELECT token FROM identity.stubborn"));
    }

    @Override
    public Set<Invariant> promises() {
        return Set.of(Invariant.EXACTLY_ONCE, Invariant.NO_LOSS);
    }
}

package io.regent.docker.lab.load.workload;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.EmptyQuery;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.SnapshotRule;
import io.regent.docker.lab.check.rule.Owners;
import io.regent.docker.lab.check.rule.Tokens;
import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.load.Operations;
import io.regent.docker.lab.load.Workload;
import io.regent.sql.session.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Races for a few names under a unique key: many clients try to insert the same name, the one who got it deletes it
 * later, and then it is anybody's again.
 */
public final class Claims implements Workload {
    private static final int NAMES = 30;
    private static final int MOST_OWNED = 4;
    private static final String CLAIM = "claim";
    private static final String GIVE_UP = "give up";

    @Override
    public String name() {
        return "claims";
    }

    @Override
    public void create(Connection session) throws SQLException {
        Schema.create(session, """
                CREATE TABLE IF NOT EXISTS identity.claim (
                  id BIGINT AUTO_INCREMENT PRIMARY KEY,
                  name VARCHAR(16) NOT NULL UNIQUE,
                  token VARCHAR(40) NOT NULL
                ) ENGINE=InnoDB""");
    }

    @Override
    public Operations operations(int client, Random random) {
        return new Racer(client, random);
    }

    private record Claim(String name, String token) {}

    /** One client. A claim or a deletion whose outcome it does not know may be its own: it tries to delete it later. */
    private static final class Racer implements Operations {
        private final int client;
        private final Random random;
        private final List<Claim> owned = new ArrayList<>();
        private int number;

        Racer(int client, Random random) {
            this.client = client;
            this.random = random;
        }

        @Override
        public void next(Writer writer) throws SQLException {
            boolean full = owned.size() >= MOST_OWNED;
            if (full || (!owned.isEmpty() && random.nextBoolean())) {
                giveUp(writer, owned.remove(random.nextInt(owned.size())));
            } else {
                number++;
                claim(writer, new Claim("n" + random.nextInt(NAMES), "c" + client + "-" + number));
            }
        }

        private void claim(Writer writer, Claim claim) throws SQLException {
            try {
                writer.write(
                        new Intent(CLAIM, claim.name, claim.token),
                        "INSERT INTO identity.claim (name, token) VALUES (?, ?)",
                        claim.name,
                        claim.token);
                owned.add(claim);
            } catch (SQLException e) {
                keepIfUnknown(claim, e);
                throw e;
            }
        }

        private void giveUp(Writer writer, Claim claim) throws SQLException {
            try {
                writer.write(
                        new Intent(GIVE_UP, claim.name, claim.token),
                        "DELETE FROM identity.claim WHERE name = ? AND token = ?",
                        claim.name,
                        claim.token);
            } catch (SQLException e) {
                owned.add(claim);
                throw e;
            }
        }

        private void keepIfUnknown(Claim claim, SQLException e) {
            if (MysqlErrors.isConnectionLost(e)) {
                owned.add(claim);
            }
        }
    }

    @Override
    public List<SnapshotRule> snapshotRules() {
        return List.of();
    }

    @Override
    public List<Checker> checkers() {
        return List.of(
                new Owners(CLAIM, GIVE_UP),
                new Tokens("claims", CLAIM, GIVE_UP, "SELECT token FROM identity.claim"),
                new EmptyQuery(
                        Invariant.UNIQUE_KEY,
                        "names, each there once",
                        "identity.claim",
                        "SELECT 'name', name, 'is there', COUNT(*) FROM identity.claim IGNORE INDEX (name)"
                                + " GROUP BY name HAVING COUNT(*) > 1"));
    }

    @Override
    public Set<Invariant> promises() {
        return Set.of(Invariant.UNIQUE_KEY, Invariant.NO_RESURRECTED_DELETE, Invariant.EXACTLY_ONCE, Invariant.NO_LOSS);
    }
}

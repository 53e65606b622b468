package io.regent.docker.lab.load;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.RegionRows;
import io.regent.docker.lab.check.SnapshotRule;
import io.regent.docker.lab.check.rule.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The identity service: users, their e-mails, staged sign-ups, identity providers. */
public final class Identity implements Workload {
    @Override
    public String name() {
        return "identity";
    }

    @Override
    public void create(Connection session) throws SQLException {
        IdentitySchema.create(session);
    }

    @Override
    public Operations operations(int client, Random random) {
        return new IdentityOperations(client, random);
    }

    @Override
    public List<SnapshotRule> snapshotRules() {
        return List.of(RegionRows.ADOPTED_MEANWHILE);
    }

    @Override
    public List<Checker> checkers() {
        List<Checker> all = new ArrayList<>(RegionRows.CHECKERS);
        all.add(new Tokens("users", IdentitySchema.SIGN_UP, "", "SELECT birth FROM identity.user"));
        return all;
    }

    @Override
    public Set<Invariant> promises() {
        return Set.of(Invariant.NO_ADOPTION, Invariant.INTEGRITY, Invariant.EXACTLY_ONCE, Invariant.NO_LOSS);
    }
}

package io.regent.docker.lab.load;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.RegionRows;
import io.regent.docker.lab.check.SnapshotRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

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
        return List.of();
    }

    @Override
    public List<Checker> checkers() {
        return RegionRows.CHECKERS;
    }
}

package io.regent.docker.lab.load;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.SnapshotRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** An application: its tables, what its clients do, and what must be true of its rows whatever fails. */
public interface Workload {
    /** What reports call it. */
    String name();

    /**
     * Creates the tables and first rows that are missing, as applications do when they start; on the master, before the
     * first client. All of it is in the database {@value IdentitySchema#DATABASE}.
     */
    void create(Connection session) throws SQLException;

    /**
     * What one client does.
     *
     * @param client its number, which no other client of the history has
     * @param random of all that it chooses
     */
    Operations operations(int client, Random random);

    /** What every consistent snapshot of every region must obey, at any time. */
    List<SnapshotRule> snapshotRules();

    /** What must be true at the end, beside that. */
    List<Checker> checkers();

    /** The invariants that its rules and checkers hold up: a run in which nothing was examined for one proves nothing. */
    Set<Invariant> promises();
}

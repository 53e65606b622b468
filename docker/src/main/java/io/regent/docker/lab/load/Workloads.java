package io.regent.docker.lab.load;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.SnapshotRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Several applications of one database. */
public record Workloads(List<Workload> all) {
    /** Copies the list. */
    public Workloads {
        all = List.copyOf(all);
    }

    /** Creates what is missing of each; on the master. */
    public void create(Connection session) throws SQLException {
        for (Workload workload : all) {
            workload.create(session);
        }
    }

    /** What every snapshot must obey for each of them. */
    public List<SnapshotRule> snapshotRules() {
        return all.stream().flatMap(one -> one.snapshotRules().stream()).toList();
    }

    /** What must be true at the end for each of them. */
    public List<Checker> checkers() {
        return all.stream().flatMap(one -> one.checkers().stream()).toList();
    }

    /** The invariants that they hold up. */
    public Set<Invariant> promises() {
        return all.stream().flatMap(one -> one.promises().stream()).collect(Collectors.toSet());
    }

    /** These and another. */
    public Workloads and(Workload another) {
        return new Workloads(Stream.concat(all.stream(), Stream.of(another)).toList());
    }
}

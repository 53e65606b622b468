package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Replacement.Standing;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.failover.model.Znode;
import io.regent.sql.schema.LocalState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who belongs, or still belongs, to a cluster that is being handed back: its {@code /master} says nothing any more. */
final class Membership {
    private final ClusterObserver observer;
    private final NativeServers servers;

    Membership(ClusterObserver observer, NativeServers servers) {
        this.observer = observer;
        this.servers = servers;
    }

    /** How the file differs from ZooKeeper. */
    List<String> problems(List<String> named) throws CliException {
        List<String> known = known(observer.replacement().regions());
        List<String> problems = new ArrayList<>();
        known.stream()
                .filter(region -> !named.contains(region))
                .forEach(region -> problems.add("ZooKeeper has region " + region
                        + ", which the file does not name; remedy: name it in the file"));
        named.stream()
                .filter(region -> !known.contains(region))
                .forEach(region -> problems.add("the cluster has no region " + region
                        + ", which the file names; remedy: take it out of the file"));
        return problems;
    }

    /** What is known not to be equal: native replication would stop at it, or write on over it. */
    Optional<String> differences() throws CliException {
        Seen<Znode<Differences>> seen = observer.setup().differences();
        return seen instanceof Seen.Absent
                ? Optional.empty()
                : Optional.of(known(seen).value())
                        .filter(Differences::stand)
                        .map(differences -> differences.line()
                                + "; remedy: write what is missing (SET sql_log_bin = 0), or dbctl region rebuild, and"
                                + " dbctl verify");
    }

    /** Who stands in the way of forgetting it. */
    List<String> standing(List<String> named) throws CliException {
        List<String> problems = new ArrayList<>(problems(named));
        for (String region : named) {
            if (servers.at(region, session -> LocalState.isThere(session) && LocalState.isGoverned(session))) {
                problems.add(region + " still belongs to the cluster; remedy: run dbctl leave to its end");
            }
            if (known(observer.replacement().isPresent(region))) {
                problems.add("a coordinator of " + region + " runs; remedy: stop it");
            }
        }
        return problems;
    }

    /** Removes it from ZooKeeper. */
    void forget() throws CliException {
        Standing standing = known(observer.replacement().standing());
        if (!observer.replacement().remove(standing).isOk()) {
            throw new CliException("ZooKeeper did not take it, or not for certain; run this again");
        }
    }

    private static <T> T known(Seen<T> seen) throws CliException {
        if (seen instanceof Found<T> found) {
            return found.value();
        }
        throw new CliException("ZooKeeper: " + seen + "; run this again");
    }
}

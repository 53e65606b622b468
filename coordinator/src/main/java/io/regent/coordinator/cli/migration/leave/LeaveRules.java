package io.regent.coordinator.cli.migration.leave;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.sql.fence.Parting.Account;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.WriteState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Whether a cluster can be handed back to native replication: it is at rest but for its master's writes, the file names all of
 * it, nobody but its master takes writes, nothing waits for a decision, and all that any region executed is the source's. Pure.
 */
final class LeaveRules {
    private final String source;
    private final Map<String, LeaveSight> servers;
    private final List<String> problems = new ArrayList<>();

    private LeaveRules(String source, Map<String, LeaveSight> servers) {
        this.source = source;
        this.servers = servers;
    }

    /**
     * Why not, each with what to do; empty if it can be.
     *
     * @param cluster what ZooKeeper has of it
     * @param source the region that the others are to replicate from
     * @param servers every region's server; the source's executed set was read after all others
     */
    static List<String> problems(ClusterState cluster, String source, Map<String, LeaveSight> servers) {
        LeaveRules rules = new LeaveRules(source, servers);
        rules.regions(cluster);
        rules.cluster(cluster);
        rules.source();
        servers.forEach((region, sight) -> {
            rules.everywhere(region, sight, cluster);
            if (!region.equals(source)) {
                rules.replica(region, sight);
            }
        });
        return rules.problems;
    }

    /** A region that nobody lets go of would go on as a member: it could become master beside a source that is native. */
    private void regions(ClusterState cluster) {
        List<String> known =
                cluster.regions().stream().map(state -> state.region()).toList();
        known.stream()
                .filter(region -> !servers.containsKey(region))
                .forEach(region -> problem(
                        "ZooKeeper has region " + region + ", which the file does not name", "name it in the file"));
        servers.keySet().stream()
                .filter(region -> !known.contains(region))
                .forEach(region -> problem(
                        "the cluster has no region " + region + ", which the file names", "take it out of the file"));
    }

    private void everywhere(String region, LeaveSight sight, ClusterState cluster) {
        UUID uuid = sight.server().state().serverUuid();
        if (cluster.originsOf(region).noneMatch(origin -> origin.uuid().equals(uuid))) {
            problem(
                    "the server of " + region + " (" + uuid + ") is not the one that the cluster knows",
                    "the file names another address, or its coordinator has not claimed a new server yet: look at both");
        }
        List<String> absent = sight.ties().of(Account.ABSENT);
        if (!absent.isEmpty()) {
            problem(
                    region + " has no account " + String.join(", ", absent) + ": it is not one that was locked",
                    "dbctl init --region " + region + ", or look which server this is");
        }
        List<String> locked = sight.ties().of(Account.LOCKED);
        if (!locked.isEmpty()) {
            problem(
                    "account " + String.join(", ", locked) + " of " + region
                            + " is locked, and this command did not do it",
                    "dbctl init --region " + region);
        }
        if (sight.server().state().offlineMode()) {
            problem(
                    region + " lets nobody in (offline_mode)",
                    "end what XA RECOVER lists there, and wait until its coordinator lifts it");
        }
        epoch(region, sight, cluster);
    }

    private void cluster(ClusterState cluster) {
        Master master = cluster.master().value();
        if (!master.region().equals(source)) {
            problem("the master is " + master.region() + ", not " + source, "dbctl promote " + source);
        }
        if (master.released()) {
            problem(source + " gave its mastership up", "wait for the end of the failover");
        }
        if (master.closing() != null) {
            problem("the master is being moved", "wait for the end of that");
        }
        if (master.cut() == null) {
            problem("what belongs to the history of epoch " + master.epoch() + " is not known yet", "wait for it");
        }
        for (Plan.Kind kind : List.of(Plan.Kind.MOVE, Plan.Kind.FAILOVER)) {
            cluster.ordered(kind)
                    .ifPresent(plan -> problem(
                            plan.id() + " is ordered",
                            "wait for its end; a move that nobody waits for any more ends by: dbctl promote "
                                    + plan.to()));
        }
    }

    private void source() {
        LeaveSight sight = sight(source);
        if (sight.server().state().writeState() != WriteState.OPEN) {
            problem(source + " is not open", "'dbctl status' tells why");
        }
        if (sight.held() > 0) {
            problem(
                    sight.held() + " stranded transactions are held, which nobody would know of any more",
                    "dbctl stranded list; release or discard each");
        }
        GtidSet left = sight.ties().rewound().subtract(sight.server().state().gtidPurged());
        if (!left.isEmpty()) {
            problem(
                    "the binlog of " + source + " still has transactions that were undone (" + left
                            + "): a replica that is built from an older backup would execute them",
                    "FLUSH BINARY LOGS there, and PURGE BINARY LOGS as soon as the others have what is in them");
        }
    }

    private void replica(String region, LeaveSight sight) {
        GtidSet beyond = sight.server()
                .state()
                .gtidExecuted()
                .subtract(sight(source).server().state().gtidExecuted());
        if (!beyond.isEmpty()) {
            problem(
                    region + " has " + beyond.count() + " transactions that " + source + " lacks (" + beyond + ")",
                    "'dbctl status' tells what becomes of them");
        }
        GtidSet lost = sight(source)
                .server()
                .state()
                .gtidPurged()
                .subtract(sight.server().state().gtidExecuted());
        if (!lost.isEmpty()) {
            problem(
                    region + " lacks " + lost.count() + " transactions that are no longer in the binlog of " + source,
                    "dbctl region rebuild " + region);
        }
        if (sight.server().state().writeState() == WriteState.OPEN) {
            problem(region + " takes writes", "'dbctl status' tells why; its coordinator closes it");
        }
        if (!sight.server().channels().isEmpty()) {
            problem(
                    region + " has a channel of native replication beside Regent's links",
                    "dbctl adopt goes on with what it left; or STOP REPLICA; RESET REPLICA ALL");
        }
    }

    private void epoch(String region, LeaveSight sight, ClusterState cluster) {
        if (sight.ties().epoch() != cluster.epoch()) {
            problem(
                    region + " lives in epoch " + sight.ties().epoch() + ", the cluster in " + cluster.epoch(),
                    "start its coordinator, and wait");
        }
        if (sight.ties().unsettled() > 0) {
            problem(region + " has not settled every verdict", "start its coordinator, and wait");
        }
    }

    private LeaveSight sight(String region) {
        LeaveSight sight = servers.get(region);
        if (sight == null) {
            throw new IllegalArgumentException("no server of " + region);
        }
        return sight;
    }

    private void problem(String found, String remedy) {
        problems.add(found + "; remedy: " + remedy);
    }
}

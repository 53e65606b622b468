package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.cluster.FoundingServers.Server;
import io.regent.coordinator.zookeeper.Refounding;
import io.regent.failover.model.Ended;
import io.regent.failover.model.GivingUp;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Lineage;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Verdict;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.GtidTracker;
import io.regent.sql.schema.LocalState;
import io.regent.sql.schema.Mastership;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster made anew of what its regions' servers recorded. Pure.
 *
 * <p>It begins as after a failover: with a new epoch that has no cut yet, and the union that its master is to execute first:
 * what the regions have, within what the last known epoch delivered. What lies outside is stranded.
 */
public final class Adoption {
    /** Who is said to have ended the epochs of a history that was made anew. */
    public static final String BY = "dbctl init --adopt-epoch";

    private static final String WHY = "the cluster was founded anew in ZooKeeper, from what the regions recorded";
    private static final String SPOOL = "regent.stranded";

    private final Map<String, Server> servers;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final SortedMap<Long, LocalState.Epoch> epochs = new TreeMap<>();
    private final SortedMap<Long, GtidSet> verdicts = new TreeMap<>();
    private final SortedMap<Long, Mastership> rows = new TreeMap<>();
    private final long epoch;
    private final String master;

    private Adoption(Map<String, Server> servers, @Nullable String wanted, long named) {
        this.servers = servers;
        servers.forEach(this::learn);
        this.epoch = 1 + Math.max(named, newest());
        this.master = wanted != null ? wanted : lastMaster();
        check();
    }

    /**
     * Makes it.
     *
     * @param servers of all regions
     * @param wanted who is to be master first; else who was last
     * @param named the epoch that ZooKeeper still names, be it an older one; 0 if none
     */
    static Adoption of(Map<String, Server> servers, @Nullable String wanted, long named) {
        return new Adoption(servers, wanted, named);
    }

    private void learn(String region, Server server) {
        LocalState local = server.local();
        if (!server.isItself() && local != null) {
            problems.add("the rows of regent_local in region " + region
                    + " are another server's: 'dbctl region' says how it goes on");
        }
        if (local == null) {
            problems.add("region " + region + " has no regent_local: run 'dbctl init --region " + region + "' first");
            return;
        }
        local.epochs().forEach(one -> learn(region, one));
        local.verdicts().forEach(one -> learn(region, one));
        server.masterships().forEach(row -> rows.put(row.epoch(), row));
    }

    private void learn(String region, LocalState.Epoch one) {
        boolean opened = one.openedAt().isPresent() && one.region().equals(region);
        LocalState.Epoch told =
                new LocalState.Epoch(one.number(), one.region(), one.cut(), opened ? one.openedAt() : Optional.empty());
        LocalState.Epoch known = epochs.putIfAbsent(one.number(), told);
        if (known == null) {
            return;
        }
        boolean other = !known.region().equals(one.region())
                || (known.cut().isPresent()
                        && one.cut().isPresent()
                        && !known.cut().equals(one.cut()));
        if (other) {
            problems.add("regions recorded different epochs " + one.number() + " (" + region + " for one): that of "
                    + one.region() + " and that of " + known.region() + ", or with different cuts");
            return;
        }
        epochs.put(
                one.number(),
                new LocalState.Epoch(
                        one.number(),
                        one.region(),
                        known.cut().or(one::cut),
                        known.openedAt().or(told::openedAt)));
    }

    private void learn(String region, LocalState.Verdict one) {
        GtidSet known = verdicts.putIfAbsent(one.number(), one.voided());
        if (known != null && !known.equals(one.voided())) {
            problems.add("regions stored different verdicts " + one.number() + " (" + region + " for one)");
        }
    }

    /** A guard is raised before an epoch is recorded. */
    private long newest() {
        long newest = epochs.isEmpty() ? 0 : epochs.lastKey();
        for (Server server : servers.values()) {
            newest = Math.max(newest, server.guardEpoch());
        }
        return newest;
    }

    private String lastMaster() {
        return epochs.values().stream()
                .map(LocalState.Epoch::region)
                .reduce((older, newer) -> newer)
                .orElse("");
    }

    private void check() {
        if (epochs.isEmpty()) {
            problems.add("no region recorded an epoch: there is nothing to adopt. 'dbctl init --master REGION' founds a"
                    + " cluster");
        } else if (epochs.values().stream().noneMatch(one -> one.cut().isPresent())) {
            problems.add("no region recorded the history of any epoch");
        }
        if (!epochs.isEmpty() && !servers.containsKey(master)) {
            problems.add("the last master, " + master + ", is not in the file: say --master REGION");
        }
        for (long number = 1; !verdicts.isEmpty() && number <= verdicts.lastKey(); number++) {
            if (!verdicts.containsKey(number)) {
                problems.add("verdict " + number + " is stored nowhere, and later ones are");
            }
        }
        List<Long> gaps = new ArrayList<>();
        for (long number = 1; number < epoch; number++) {
            if (!epochs.containsKey(number)) {
                gaps.add(number);
            }
        }
        if (!gaps.isEmpty()) {
            notes.add("nobody recorded the epochs " + gaps + ": whose they were is not known");
        }
        notes.add(
                "not recorded in MySQL, so not brought back: 'dbctl pause', 'maintenance' and 'policy', orders that were"
                        + " under way, server uuids that were retired");
    }

    /** Why it can't be; empty if it can. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** What an operator should know. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** The new epoch. */
    long epoch() {
        return epoch;
    }

    /** Its master. */
    String master() {
        return master;
    }

    /** What is known to be history: the newest cut that was recorded. */
    GtidSet cut() {
        return epochs.values().stream()
                .flatMap(one -> one.cut().stream())
                .reduce((older, newer) -> newer)
                .orElse(GtidSet.EMPTY);
    }

    /** All of it; only without problems. */
    Refounding refounding(Timing timing, String attempt) {
        long last = verdicts.isEmpty() ? 0 : verdicts.lastKey();
        Master first = new Master(epoch, master, new GivingUp(null, false, true), null, last, attempt);
        Map<String, Lease> leases = new LinkedHashMap<>();
        List<Origin> origins = new ArrayList<>();
        servers.forEach((region, server) -> {
            leases.put(region, lease(server, timing));
            origins.add(new Origin(server.state().serverUuid(), region, 1));
        });
        List<Verdict> all = new ArrayList<>();
        verdicts.forEach((number, voided) -> all.add(new Verdict(number, voided, 0, SPOOL)));
        Refounding anew = new Refounding(
                first, timing, leases, origins, history(), all, Plan.union(epoch, master, GtidSet.EMPTY));
        return anew.with(AdoptedUnion.of(anew, servers));
    }

    /** Everybody is closed: nobody's lease is waited for. */
    private List<Ended> history() {
        List<Ended> all = new ArrayList<>();
        for (long number = 1; number < epoch; number++) {
            LocalState.Epoch one = epochs.get(number);
            Mastership next = rows.get(number + 1);
            String why = number + 1 == epoch ? WHY : next == null ? "not known" : next.reason();
            all.add(
                    one == null
                            ? new Ended(number, Ended.UNKNOWN, null, true, false, why, BY)
                            : new Ended(
                                    number,
                                    one.region(),
                                    one.cut().orElse(null),
                                    true,
                                    one.openedAt().isPresent() || rows.containsKey(number),
                                    why,
                                    BY));
        }
        return all;
    }

    private static Lease lease(Server server, Timing timing) {
        GtidSet own = server.state().gtidExecuted().restrictedTo(server.state().serverUuid()::equals);
        GtidTracker last = new GtidTracker(GtidSet.EMPTY);
        own.tsids().forEach(tsid -> last.add(new Gtid(tsid, own.last(tsid).orElseThrow())));
        LocalState local = server.local();
        Lineage lineage = new Lineage(server.state().serverUuid(), local == null ? 0 : local.asks(), last.toSet());
        return new Lease(0, "", timing.ttl(), "", Phase.RECORDING, "adopted", lineage);
    }
}

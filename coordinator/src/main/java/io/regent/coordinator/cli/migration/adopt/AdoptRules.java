package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.migration.Opening;
import io.regent.sql.channel.Channel;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.WriteState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What can be taken over from native replication: a tree of replicas below one master, each with one channel that goes by
 * GTIDs, leaves nothing out and is not late on purpose. Pure.
 */
final class AdoptRules {
    private final String master;
    private final Map<String, ReplicaSight> servers;
    private final Map<String, ServerAddress> addresses;
    private final Set<String> unfinished;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private AdoptRules(
            String master,
            Map<String, ReplicaSight> servers,
            Map<String, ServerAddress> addresses,
            Set<String> unfinished) {
        this.unfinished = unfinished;
        this.master = master;
        this.servers = servers;
        this.addresses = addresses;
    }

    /**
     * Judges them.
     *
     * @param master the region that takes the writes
     * @param servers every region's server; the master's executed set was read after all others
     * @param addresses where the file says that each is
     * @param unfinished those where an earlier run has left something, which is undone before anything else
     */
    static AdoptPlan of(
            String master,
            Map<String, ReplicaSight> servers,
            Map<String, ServerAddress> addresses,
            Set<String> unfinished) {
        AdoptRules rules = new AdoptRules(master, servers, addresses, unfinished);
        servers.forEach(rules::everywhere);
        rules.master();
        servers.forEach((region, sight) -> {
            if (!region.equals(master)) {
                rules.replica(region, sight);
            }
        });
        List<String> order = rules.order();
        return new AdoptPlan(rules.sources, order, rules.problems, rules.notes);
    }

    private void everywhere(String region, ReplicaSight sight) {
        sight.semiSync()
                .ifPresent(variable -> problem(
                        region,
                        variable + " is ON: a link acknowledges nothing, and every COMMIT would wait for its time-out",
                        "SET PERSIST " + variable + " = OFF"));
        GtidSet holes =
                sight.state().gtidExecuted().restrictedTo(uuid(sight)::equals).holes();
        if (!holes.isEmpty()) {
            problem(
                    region,
                    "it lacks transactions of its own (" + holes + "), whose numbers it would give out a second time",
                    "build it anew, or commit each of them empty (SET gtid_next, BEGIN, COMMIT) if nobody has them");
        }
        if (!sight.skips().isEmpty()) {
            notes.add(region + " has passed over errors (" + sight.skips()
                    + "): it may not have all rows; 'dbctl verify' compares them");
        }
        servers.forEach((other, theirs) -> {
            if (other.compareTo(region) < 0 && theirs.state().serverUuid().equals(uuid(sight))) {
                problem(
                        region,
                        "it has the same server uuid as " + other + ": one is a copy of the other",
                        "stop its mysqld, remove auto.cnf from its data directory and start it");
            }
        });
        Set<UUID> known = servers.values().stream().map(AdoptRules::uuid).collect(Collectors.toSet());
        sight.readers().stream()
                .filter(reader -> !known.contains(reader))
                .forEach(reader -> problem(
                        region,
                        "a replica that the file does not name (" + reader
                                + ") reads from it, and would stop at the first"
                                + " write of Regent, whose schemas it lacks",
                        "name it in the file; or STOP REPLICA there, and build it anew afterwards"));
    }

    private void master() {
        ReplicaSight sight = sight(master);
        for (Channel channel : sight.channels()) {
            problem(
                    master,
                    "it is a replica itself (" + channel.title() + "): no other server may write to the cluster",
                    "STOP REPLICA; RESET REPLICA ALL there, or name its source as the master");
        }
        WriteState state = sight.state().writeState();
        if (unfinished.contains(master)) {
            notes.add(master + " was changed by an earlier run, which is undone first");
        } else if (state != WriteState.OPEN || sight.state().offlineMode()) {
            problem(
                    master,
                    "it takes no writes (" + state + (sight.state().offlineMode() ? ", offline_mode" : "") + ")",
                    "look why, and open it: " + Opening.BY_HAND);
        }
    }

    private void replica(String region, ReplicaSight sight) {
        GtidSet errant =
                sight.state().gtidExecuted().subtract(sight(master).state().gtidExecuted());
        if (!errant.isEmpty()) {
            problem(
                    region,
                    "it has " + errant.count() + " transactions that " + master + " lacks (" + errant + ")",
                    "build it anew from " + master + ", or carry them over: dbctl link " + region + " " + master
                            + " --until-caught-up");
        }
        if (sight.state().writeState() == WriteState.OPEN) {
            problem(region, "it takes writes (read_only=OFF)", "SET PERSIST read_only = ON");
        }
        if (sight.autostart().isEmpty()) {
            problem(
                    region,
                    "its version cannot keep native replication from starting with mysqld",
                    "upgrade to MySQL 8.0.24 or newer");
        }
        Channel channel = sight.onlyChannel();
        if (channel != null) {
            channel(region, channel);
        } else if (sight.channels().isEmpty()) {
            problem(
                    region,
                    "it replicates from nobody",
                    "build it as a replica of " + master + ", with SOURCE_AUTO_POSITION = 1");
        } else {
            problem(
                    region,
                    "it has several channels ("
                            + sight.channels().stream().map(Channel::source).collect(Collectors.joining(", ")) + ")",
                    "RESET REPLICA ALL for all but that of the cluster");
        }
    }

    private void channel(String region, Channel channel) {
        if (channel.isOfGroup()) {
            problem(region, "it belongs to Group Replication", "leave the group first");
            return;
        }
        if (!channel.autoPosition()) {
            problem(
                    region,
                    channel.title() + " goes by files and positions, not by GTIDs",
                    "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 1; START REPLICA");
        }
        if (!channel.delay().isZero()) {
            problem(
                    region,
                    channel.title() + " is late on purpose, by "
                            + channel.delay().toSeconds() + " s; a link is not",
                    "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 0; START REPLICA, or leave it out of the file");
        }
        channel.special()
                .forEach(special -> problem(
                        region,
                        channel.title() + " has " + special,
                        "a link carries everything as it is: remove that"));
        running(region, channel);
        Optional<String> source = sourceOf(channel);
        if (source.isPresent()) {
            sources.put(region, source.get());
        } else {
            problem(
                    region,
                    channel.title() + " is no region of the file",
                    "name that server in the file, or have " + region + " read from " + master);
        }
    }

    private void running(String region, Channel channel) {
        channel.errors()
                .forEach(error -> problem(region, channel.title() + " has stopped: " + error, "mend that first"));
        boolean stoppedByUs = unfinished.contains(region);
        if (channel.errors().isEmpty() && !channel.isRunning() && !stoppedByUs) {
            problem(region, channel.title() + " does not run", "START REPLICA");
        }
        if (stoppedByUs) {
            notes.add(region + " was stopped by an earlier run, which is undone first");
        }
    }

    /** What the master has purged and a replica lacks: no link could fetch it. */
    static List<String> purged(String master, Map<String, ReplicaSight> now) {
        List<String> problems = new ArrayList<>();
        ReplicaSight source = now.get(master);
        GtidSet gone = source == null ? GtidSet.EMPTY : source.state().gtidPurged();
        now.forEach((region, sight) -> {
            GtidSet lost = gone.subtract(sight.state().gtidExecuted());
            if (!lost.isEmpty()) {
                problems.add("region " + region + " lacks " + lost.count() + " transactions that " + master
                        + " has purged from its binlog: no link could fetch them; let it catch up first");
            }
        });
        return problems;
    }

    /** By the source's uuid; by its address only where that is not known. */
    private Optional<String> sourceOf(Channel channel) {
        return servers.keySet().stream()
                .filter(region -> channel.sourceUuid()
                        .map(uuid -> uuid.equals(uuid(sight(region))))
                        .orElseGet(() -> channel.source().equalsIgnoreCase(String.valueOf(addresses.get(region)))))
                .findFirst();
    }

    private List<String> order() {
        List<String> all = new ArrayList<>();
        sources.keySet().forEach(region -> {
            if (depth(region) > servers.size()) {
                problem(
                        region,
                        "it is no replica of " + master + ", nor of one of its replicas",
                        "have it read from " + master);
            } else {
                all.add(region);
            }
        });
        all.sort(Comparator.comparingInt(this::depth).reversed());
        return all;
    }

    /** How many channels are between a region and the master; more than there are regions if it does not come there. */
    private int depth(String region) {
        int steps = 0;
        String at = region;
        while (at != null && !at.equals(master) && steps <= servers.size()) {
            at = sources.get(at);
            steps++;
        }
        return at == null ? servers.size() + 1 : steps;
    }

    private ReplicaSight sight(String region) {
        ReplicaSight sight = servers.get(region);
        if (sight == null) {
            throw new IllegalArgumentException("no server of " + region);
        }
        return sight;
    }

    private static UUID uuid(ReplicaSight sight) {
        return sight.state().serverUuid();
    }

    private void problem(String region, String found, String remedy) {
        problems.add("region " + region + ": " + found + "; remedy: " + remedy);
    }
}

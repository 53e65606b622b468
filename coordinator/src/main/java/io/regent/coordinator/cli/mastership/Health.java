package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.failover.history.History;
import io.regent.failover.history.Numbers;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a cluster is as it should be, and all that is not, in sentences. */
final class Health {
    /** A failover from here loses more than anybody expects, and a move takes longer. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private final ClusterState cluster;
    private final Map<String, Told> told;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Health(ClusterState cluster, Map<String, Told> told) {
        this.cluster = cluster;
        this.told = told;
    }

    Health judge(ClusterConfig config) {
        master();
        wishes();
        for (RegionState region : cluster.regions()) {
            reporting(region);
            coordinator(region.region());
        }
        List<String> known = cluster.regions().stream().map(RegionState::region).toList();
        for (RegionConfig region : config.regions()) {
            if (!known.contains(region.name())) {
                problems.add("the file names region " + region.name() + ", which is not in the cluster");
            }
        }
        known.stream()
                .filter(name -> config.region(name).isEmpty())
                .forEach(name -> notes.add("region " + name + " is in the cluster, and the file does not name it"));
        return this;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    private void master() {
        Master master = cluster.master().value();
        Lease lease = cluster.region(master.region()).lease().value();
        if (master.released()) {
            problems.add(master.region() + " gave up epoch " + master.epoch() + ", and nobody is named instead");
        } else if (master.closing() != null) {
            problems.add("no region takes writes soon: " + master.region() + " closes for " + master.closing());
        } else if (!lease.openedIn(master.epoch())) {
            String phase = lease.epoch() == master.epoch() ? lease.phase() + ": " + lease.progress() : "not begun";
            Set<String> tried = History.inVain(cluster).keySet();
            problems.add("no region takes writes: " + master.region() + " is named and not open (" + phase + ")"
                    + (tried.isEmpty() ? "" : "; named before it, and not opened either: " + String.join(", ", tried)));
        }
    }

    /** A pause that was forgotten is found out when it is too late. */
    private void wishes() {
        Policy policy = cluster.policy().value();
        if (policy.paused() != null) {
            problems.add("the automation is paused (" + policy.paused()
                    + "): nobody takes over if the master is lost, before 'dbctl resume'");
        }
        policy.maintenance().forEach(region -> notes.add(region + " is in maintenance: it does not become master"));
        if (policy.maxStranded() != null) {
            notes.add("a failover that would strand more than " + policy.maxStranded()
                    + " transactions waits for 'dbctl failover'");
        }
    }

    private void reporting(RegionState region) {
        String name = region.region();
        Znode<Report> node = region.report();
        if (!region.present()) {
            problems.add("no coordinator of " + name + " has a session with ZooKeeper");
        }
        if (node == null) {
            problems.add(name + " never reported");
            return;
        }
        Report report = node.value();
        if (!report.state().answers()) {
            problems.add(
                    report.state() == WriteState.DEAD
                            ? "the MySQL of " + name + " is dead"
                            : "the coordinator of " + name + " does not reach its MySQL");
        }
        if (report.epoch() != cluster.epoch()) {
            problems.add(name + " lives in epoch " + report.epoch() + ", the cluster in " + cluster.epoch());
        }
        GtidSet beyond = History.of(cluster).outside(name, report.executed(), report.openedEpoch());
        if (!beyond.isEmpty()) {
            problems.add(name + " has diverged: it executed " + beyond.count() + " transactions outside history ("
                    + beyond + ")");
        }
        long verdict = cluster.master().value().verdict();
        if (report.settled() < verdict) {
            problems.add(name + " has settled verdicts up to " + report.settled() + ", the cluster has " + verdict);
        }
        if (!report.forgotten().isEmpty()) {
            problems.add(name + " cannot be master: " + Numbers.wentBack(name, report.forgotten()));
        }
    }

    private void coordinator(String region) {
        Told answer = told.getOrDefault(region, Told.NOT_ASKED);
        CoordinatorStatus status = answer.status();
        if (!answer.error().isEmpty()) {
            problems.add(
                    "the coordinator of " + region + " at " + answer.address() + " does not tell: " + answer.error());
        } else if (status == null) {
            notes.add("the file does not say where the coordinator of " + region
                    + " listens: its links and its lease are not known here");
        } else {
            told(region, status);
        }
    }

    private void told(String region, CoordinatorStatus status) {
        if (!status.mastership().zookeeper().equals(CoordinatorStatus.CONNECTED)) {
            problems.add("the coordinator of " + region + " has no ZooKeeper: "
                    + status.mastership().zookeeper());
        }
        Master master = cluster.master().value();
        boolean open = cluster.region(region).lease().value().openedIn(master.epoch());
        boolean active = status.duty().active();
        if (active && master.names(region) && open && !status.server().primary()) {
            problems.add(region + " is master and not open: " + status.loop().reason());
        }
        if (!status.server().settings().isEmpty()) {
            problems.add(settings(region, status));
        }
        links(region, status);
        boolean linked = status.links().stream().anyMatch(link -> link.source().equals(master.region()));
        if (active && !region.equals(master.region()) && !linked) {
            problems.add("no link brings " + region + " what " + master.region() + " commits: "
                    + status.loop().reason());
        }
    }

    /** That a region gives out numbers that are another's. */
    static String settings(String region, CoordinatorStatus status) {
        return "at " + region + " " + status.server().settings()
                + ": other regions may give out the same numbers (SET GLOBAL mends it for new sessions)";
    }

    private void links(String region, CoordinatorStatus status) {
        for (LinkState link : status.links()) {
            String name = "link " + region + "<-" + link.source();
            Long lag = link.lagMillis();
            if (!link.isUp()) {
                problems.add(name + " is " + link.state() + (link.detail().isEmpty() ? "" : ": " + link.detail()));
            } else if (lag != null && lag > LATE.toMillis()) {
                problems.add(name + " is " + lag / 1000 + " s behind");
            }
        }
    }
}

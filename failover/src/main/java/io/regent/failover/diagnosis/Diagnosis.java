package io.regent.failover.diagnosis;

import io.regent.failover.decide.Candidates;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names what is wrong, from ZooKeeper and from what coordinators say of themselves and of each other. A coordinator that says
 * nothing is no evidence against its region: what the others see counts.
 */
public final class Diagnosis {
    private static final Duration LATE = Duration.ofSeconds(10);
    private static final Duration HANGS = Duration.ofSeconds(2);

    private final ClusterState cluster;
    private final Map<String, Observation> told = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(ClusterState cluster, List<Observation> observations) {
        this.cluster = cluster;
        observations.forEach(one -> told.put(one.region(), one));
    }

    /** All that is wrong, what concerns the master first; empty if nothing is. */
    public static List<Finding> of(ClusterState cluster, List<Observation> observations) {
        Diagnosis diagnosis = new Diagnosis(cluster, observations);
        diagnosis.judge();
        return List.copyOf(diagnosis.findings);
    }

    private void judge() {
        String master = cluster.master().value().region();
        master(cluster.region(master));
        stalled(master);
        cluster.regions().stream()
                .filter(region -> !region.region().equals(master))
                .forEach(this::region);
        cluster.regions().forEach(this::reported);
        told.values().forEach(this::links);
        quorum();
        split();
        wishes();
        boolean followed = cluster.regions().stream()
                .anyMatch(region -> !region.region().equals(master) && Candidates.isFit(cluster, region));
        if (!followed) {
            add(Failure.NO_CANDIDATE, "", "no region but " + master + " is fit to be master");
        }
    }

    private void add(Failure failure, String region, String seen) {
        findings.add(new Finding(failure, region, seen));
    }

    private void master(RegionState master) {
        String name = master.region();
        Observation own = told.get(name);
        Optional<String> down = mysqlDown(master, own);
        List<String> seeing = seeing(name, true);
        List<String> blind = seeing(name, false);
        if (down.isPresent()) {
            add(Failure.MASTER_MYSQL_DOWN, name, down.get());
        } else if (own != null && !own.zookeeper()) {
            add(Failure.MASTER_ISOLATED, name, "its coordinator has no ZooKeeper" + links(seeing, blind));
        } else if (!master.present() && seeing.isEmpty()) {
            add(Failure.MASTER_REGION_GONE, name, "no coordinator of it has a session" + links(seeing, blind));
        } else if (!master.present()) {
            add(Failure.COORDINATOR_GONE_MYSQL_FINE, name, "no coordinator of it has a session" + links(seeing, blind));
        } else if (!blind.isEmpty()) {
            add(
                    seeing.isEmpty() ? Failure.MASTER_ISOLATED : Failure.MASTER_UNREACHABLE_FROM_SOME,
                    name,
                    "its coordinator has a session" + links(seeing, blind));
        }
    }

    private void stalled(String master) {
        Observation own = told.get(master);
        if (own != null && own.stalled().compareTo(HANGS) >= 0) {
            add(
                    Failure.MASTER_STALLED,
                    master,
                    "no commit has got through for " + own.stalled().toSeconds()
                            + " s, its coordinator's small write neither");
        }
    }

    private void region(RegionState region) {
        String name = region.region();
        Optional<String> down = mysqlDown(region, told.get(name));
        List<String> seeing = seeing(name, true);
        if (down.isPresent()) {
            add(Failure.REGION_MYSQL_DOWN, name, down.get());
        } else if (!region.present()) {
            add(
                    seeing.isEmpty() ? Failure.REGION_GONE : Failure.COORDINATOR_GONE_MYSQL_FINE,
                    name,
                    "no coordinator of it has a session" + links(seeing, seeing(name, false)));
        }
    }

    /** Only its own coordinator can say that; what it reported last counts as long as it has a session. */
    private static Optional<String> mysqlDown(RegionState region, @Nullable Observation own) {
        Znode<Report> report = region.report();
        WriteState state = own != null
                ? own.mysql()
                : region.present() && report != null ? report.value().state() : WriteState.STANDBY;
        return switch (state) {
            case DEAD -> Optional.of("its coordinator has proof that mysqld is dead");
            case UNREACHABLE -> Optional.of("its own coordinator does not reach it");
            default -> Optional.empty();
        };
    }

    /** The regions whose link from there sees its MySQL, or does not. */
    private List<String> seeing(String source, boolean sees) {
        return told.values().stream()
                .filter(one -> one.links().containsKey(source)
                        && one.links().get(source).seesSource() == sees)
                .map(Observation::region)
                .toList();
    }

    private static String links(List<String> seeing, List<String> blind) {
        return (seeing.isEmpty() ? "" : "; its MySQL is seen from " + String.join(", ", seeing))
                + (blind.isEmpty() ? "" : "; its MySQL is not seen from " + String.join(", ", blind));
    }

    private void reported(RegionState region) {
        Znode<Report> node = region.report();
        if (node == null) {
            return;
        }
        Report report = node.value();
        if (History.of(cluster).isDiverged(region.region(), report)) {
            long strays = History.of(cluster)
                    .outside(region.region(), report.executed(), report.openedEpoch())
                    .count();
            add(Failure.REGION_DIVERGED, region.region(), "it executed " + strays + " transactions outside history");
        }
        if (!report.forgotten().isEmpty()) {
            add(Failure.REGION_FORGOT, region.region(), "it lacks " + report.forgotten());
        }
    }

    private void links(Observation one) {
        new TreeMap<>(one.links()).forEach((source, link) -> {
            String name = one.region() + "<-" + source + ": " + link.detail();
            Duration lag = link.lag();
            if (link.state() == LinkState.FAILED) {
                add(Failure.LINK_BROKEN, one.region(), name);
            } else if (link.state() == LinkState.BLOCKED) {
                add(Failure.LINK_BLOCKED, one.region(), name);
            } else if (link.state() == LinkState.DOWN && isSeenOtherwise(source)) {
                add(Failure.LINK_BROKEN, one.region(), name);
            } else if (lag != null && lag.compareTo(LATE) > 0) {
                add(
                        Failure.LINK_LAGGING,
                        one.region(),
                        one.region() + "<-" + source + " is " + lag.toSeconds() + " s behind");
            }
        });
    }

    /** A source that nobody sees is a failure of its region, and not of each link. */
    private boolean isSeenOtherwise(String source) {
        Observation own = told.get(source);
        return !seeing(source, true).isEmpty() || (own != null && own.mysql().answers());
    }

    private void quorum() {
        told.values().stream()
                .filter(one -> !one.zookeeper())
                .forEach(one -> add(Failure.NO_QUORUM, one.region(), "its coordinator has no ZooKeeper"));
    }

    private void split() {
        List<String> open = told.values().stream()
                .filter(one -> one.mysql() == WriteState.OPEN && one.epoch() != null && one.epoch() == cluster.epoch())
                .map(Observation::region)
                .toList();
        if (open.size() > 1) {
            add(Failure.SPLIT_STATUS, "", "OPEN, by their own coordinators: " + String.join(", ", open));
        }
        String master = cluster.master().value().region();
        told.values().stream()
                .filter(one -> one.zookeeper() && one.epoch() != null && one.epoch() == cluster.epoch())
                .filter(one -> !master.equals(one.master()))
                .forEach(one -> add(
                        Failure.SPLIT_STATUS,
                        one.region(),
                        "it takes " + one.master() + " for master of epoch " + one.epoch() + ", and it is " + master));
    }

    private void wishes() {
        String paused = cluster.policy().value().paused();
        if (paused != null) {
            add(Failure.AUTOMATION_PAUSED, "", paused);
        }
    }
}

package io.regent.failover.diagnosis;

import io.regent.failover.decide.Candidates;
import io.regent.failover.decide.Testimony;
import io.regent.failover.diagnosis.Observation.LinkState;
import io.regent.failover.diagnosis.Observation.Own;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Failure;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private final Voices voices;
    private final Silence silence;
    private final boolean silent;
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(ClusterState cluster, List<Observation> observations, boolean silent) {
        this.cluster = cluster;
        this.voices = new Voices(observations);
        this.silence = new Silence(cluster, voices);
        this.silent = silent;
    }

    /** All that is wrong, what concerns the master first; empty if nothing is. For who has not watched the lease. */
    public static List<Finding> of(ClusterState cluster, List<Observation> observations) {
        return of(cluster, observations, false);
    }

    /**
     * The same.
     *
     * @param silent whether the master certainly has not renewed for so long that it is closed, though it had opened and did
     *     not give up: then it has the name by which it is waited for, be there a session or not
     */
    public static List<Finding> of(ClusterState cluster, List<Observation> observations, boolean silent) {
        Diagnosis diagnosis = new Diagnosis(cluster, observations, silent);
        diagnosis.judge();
        return List.copyOf(diagnosis.findings);
    }

    /**
     * What a coordinator can say that has no ZooKeeper: of the cluster nothing.
     *
     * @param region whose coordinator it is
     * @param why it has none
     * @param evidence what its word rests on
     */
    public static Finding cutOff(String region, String why, Evidence evidence) {
        String seen = "its coordinator has no ZooKeeper" + (why.isEmpty() ? "" : ": " + why);
        return new Finding(Failure.NO_QUORUM, region, seen, List.of(new Witness(region, evidence)), "");
    }

    private void judge() {
        String master = cluster.master().value().region();
        master(cluster.region(master));
        stalled(master);
        cluster.regions().stream()
                .filter(region -> !region.region().equals(master))
                .forEach(this::region);
        cluster.regions().forEach(this::reported);
        voices.speakers().forEach(this::links);
        cluster.regions().forEach(this::quorum);
        split();
        String paused = cluster.policy().value().paused();
        if (paused != null) {
            add(Failure.AUTOMATION_PAUSED, "", paused, Witness.zookeeper());
        }
        boolean followed = cluster.regions().stream()
                .anyMatch(region -> !region.region().equals(master) && Candidates.isFit(cluster, region));
        if (!followed) {
            add(Failure.NO_CANDIDATE, "", "no region but " + master + " is fit to be master", Witness.zookeeper());
        }
    }

    private void add(Failure failure, String region, String seen, Witness... by) {
        findings.add(new Finding(failure, region, seen, List.of(by), ""));
    }

    private static Witness itself(Observation own) {
        return new Witness(own.region(), own.own().evidence());
    }

    private void master(RegionState master) {
        String name = master.region();
        Observation own = voices.told(name);
        Optional<String> down = mysqlDown(master, own);
        if (down.isPresent()) {
            add(Failure.MASTER_MYSQL_DOWN, name, down.get(), reporter(name));
        } else if (own != null && !own.own().what().zookeeper()) {
            String seen = "its coordinator has no ZooKeeper" + silence.links(name) + silence.decided(master);
            findings.add(new Finding(Failure.MASTER_ISOLATED, name, seen, silence.by(name, itself(own)), ""));
        } else if (!master.present() || silent || isLockedShut(master)) {
            findings.add(silence.ofMaster(master));
        } else if (!voices.links(name, false).isEmpty()) {
            Failure failure =
                    voices.links(name, true).isEmpty() ? Failure.MASTER_ISOLATED : Failure.MASTER_UNREACHABLE_FROM_SOME;
            String seen = "its coordinator has a session" + silence.links(name);
            findings.add(new Finding(failure, name, seen, silence.by(name, Witness.zookeeper()), ""));
        }
    }

    private void stalled(String master) {
        Observation own = voices.told(master);
        if (own != null && own.own().what().stalled().compareTo(HANGS) >= 0) {
            add(
                    Failure.MASTER_STALLED,
                    master,
                    "no commit has got through for "
                            + own.own().what().stalled().toSeconds() + " s, its coordinator's small write neither",
                    itself(own));
        }
    }

    private void region(RegionState region) {
        Optional<String> down = mysqlDown(region, voices.told(region.region()));
        if (down.isPresent()) {
            add(Failure.REGION_MYSQL_DOWN, region.region(), down.get(), reporter(region.region()));
        } else if (!region.present()) {
            findings.add(silence.of(region));
        }
    }

    /** Only its own coordinator can say that; what it reported last counts as long as it has a session. */
    private static Optional<String> mysqlDown(RegionState region, @Nullable Observation own) {
        Znode<Report> report = region.report();
        WriteState state = own != null
                ? own.own().what().mysql()
                : region.present() && report != null ? report.value().state() : WriteState.STANDBY;
        return switch (state) {
            case DEAD -> Optional.of("its coordinator has proof that mysqld is dead");
            case UNREACHABLE -> Optional.of("its own coordinator does not reach it");
            default -> Optional.empty();
        };
    }

    /** Whose word a region's report is: its own, as it told it or as it stands in ZooKeeper. */
    private Witness reporter(String region) {
        Observation told = voices.told(region);
        Observation own = told == null ? voices.written(region) : told;
        return own == null ? Witness.zookeeper() : itself(own);
    }

    private void reported(RegionState region) {
        Znode<Report> node = region.report();
        if (node == null) {
            return;
        }
        Report report = node.value();
        Observation written = voices.written(region.region());
        Witness by = written == null ? Witness.zookeeper() : itself(written);
        if (History.of(cluster).isDiverged(region.region(), report)) {
            long strays = History.of(cluster)
                    .outside(region.region(), report.executed(), report.openedEpoch())
                    .count();
            String seen = "it executed " + strays + " transactions outside history";
            add(Failure.REGION_DIVERGED, region.region(), seen, by);
        }
        if (!report.forgotten().isEmpty()) {
            add(Failure.REGION_FORGOT, region.region(), "it lacks " + report.forgotten(), by);
        }
    }

    private void links(Observation one) {
        Witness by = new Witness(one.region(), one.links().evidence());
        new TreeMap<>(one.links().what()).forEach((source, link) -> {
            String name = one.region() + "<-" + source + ": " + link.detail();
            Duration lag = link.lag();
            if (link.state() == LinkState.FAILED) {
                add(Failure.LINK_BROKEN, one.region(), name, by);
            } else if (link.state() == LinkState.BLOCKED) {
                add(Failure.LINK_BLOCKED, one.region(), name, by);
            } else if (link.state() == LinkState.DOWN && isSeenOtherwise(source)) {
                add(Failure.LINK_BROKEN, one.region(), name, by);
            } else if (lag != null && lag.compareTo(LATE) > 0) {
                String seen = one.region() + "<-" + source + " is " + lag.toSeconds() + " s behind";
                add(Failure.LINK_LAGGING, one.region(), seen, by);
            }
        });
    }

    /** A source that nobody sees is a failure of its region, and not of each link. */
    private boolean isSeenOtherwise(String source) {
        Observation own = voices.told(source);
        return !voices.links(source, true).isEmpty()
                || (own != null && own.own().what().mysql().answers());
    }

    private void quorum(RegionState region) {
        Observation own = voices.told(region.region());
        List<Observation> hearing = voices.hearingCutOff(region.region());
        if (own != null && !own.own().what().zookeeper()) {
            add(Failure.NO_QUORUM, region.region(), "its coordinator has no ZooKeeper", itself(own));
        } else if (own == null && !hearing.isEmpty()) {
            String seen = "its coordinator has no ZooKeeper, it told " + String.join(", ", Voices.names(hearing));
            findings.add(new Finding(Failure.NO_QUORUM, region.region(), seen, Silence.hearsay(hearing), ""));
        }
    }

    private void split() {
        List<Observation> open = voices.tellers().stream()
                .filter(one -> one.own().what().mysql() == WriteState.OPEN
                        && isInTheNewestEpoch(one.own().what()))
                .toList();
        if (open.size() > 1) {
            String seen = "OPEN, by their own coordinators: " + String.join(", ", Voices.names(open));
            add(
                    Failure.SPLIT_STATUS,
                    "",
                    seen,
                    open.stream().map(Diagnosis::itself).toArray(Witness[]::new));
        }
        String master = cluster.master().value().region();
        voices.tellers().stream()
                .filter(one -> one.own().what().zookeeper()
                        && isInTheNewestEpoch(one.own().what()))
                .filter(one -> !master.equals(one.own().what().master()))
                .forEach(one -> add(
                        Failure.SPLIT_STATUS,
                        one.region(),
                        "it takes " + one.own().what().master() + " for master of epoch " + cluster.epoch()
                                + ", and it is " + master,
                        itself(one)));
    }

    /** Not one that is still OPEN: most backups have the lock for a moment only. */
    private static boolean isLockedShut(RegionState master) {
        Znode<Report> report = master.report();
        return Testimony.isReadLocked(master)
                && report != null
                && report.value().state() != WriteState.OPEN;
    }

    private boolean isInTheNewestEpoch(Own own) {
        return own.epoch() != null && own.epoch() == cluster.epoch();
    }
}

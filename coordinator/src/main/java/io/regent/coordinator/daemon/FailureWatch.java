package io.regent.coordinator.daemon;

import io.regent.coordinator.execute.Errand;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.Failing;
import io.regent.coordinator.http.StatusWords;
import io.regent.failover.diagnosis.Diagnosis;
import io.regent.failover.diagnosis.Evidence;
import io.regent.failover.diagnosis.Finding;
import io.regent.failover.diagnosis.Heard;
import io.regent.failover.diagnosis.LastWords;
import io.regent.failover.diagnosis.Observation;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.RegionState;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Memory;
import io.regent.failover.view.RegionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Names what is wrong as a region's active coordinator sees it, beside the loop: from what its last turn saw of the cluster,
 * from what it says of itself, and from what the others wrote to ZooKeeper. It decides nothing, and the loop does not wait
 * for it.
 */
final class FailureWatch implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(200);
    /** What a loop saw that stands for so long is not held against anybody. */
    private static final Duration OLD = Duration.ofSeconds(5);

    private final Supplier<@Nullable Snapshot> loop;
    private final Supplier<CoordinatorStatus> own;
    private final Timing timing;
    private final FailureLog log = new FailureLog();
    private final Errand errand;

    /**
     * Begins with {@link #start}.
     *
     * @param region the coordinator's
     * @param loop what its last turn saw; null before the first
     * @param own what it says of itself now
     */
    FailureWatch(String region, Supplier<@Nullable Snapshot> loop, Supplier<CoordinatorStatus> own, Timing timing) {
        this.loop = loop;
        this.own = own;
        this.timing = timing;
        this.errand = new Errand("failures-" + region, PERIOD, () -> turn(System.nanoTime()));
    }

    void start() {
        errand.start();
    }

    /** The failures that stand. */
    List<Failing> standing() {
        return log.standing(System.nanoTime());
    }

    void turn(long now) {
        Snapshot last = loop.get();
        if (last == null) {
            return;
        }
        CoordinatorStatus status = own.get();
        Duration age = Duration.ofMillis(status.loop().lookAgeMillis());
        RegionView view = last.view();
        ClusterState cluster = view.cluster();
        if (age.compareTo(OLD) >= 0) {
            return; // what stood stands
        }
        if (cluster == null) {
            log.seeOnly(Diagnosis.cutOff(view.region(), last.zookeeper(), Evidence.told(age)), now);
        } else if (view.duty().active()) {
            log.see(found(view, cluster, last.at(), status), now);
        } else {
            log.forget();
        }
    }

    private List<Finding> found(RegionView view, ClusterState cluster, Moment at, CoordinatorStatus status) {
        List<Observation> all = new ArrayList<>();
        for (RegionState region : cluster.regions()) {
            all.add(
                    region.region().equals(view.region())
                            ? StatusWords.observation(view.region(), status)
                            : words(region, view.memory(), at).observation(region));
        }
        return Diagnosis.of(cluster, all, isSilent(view.memory(), cluster, at));
    }

    /** What it wrote is at least so old as this process has seen it; whom it hears over HTTP is its own affair. */
    private static LastWords words(RegionState region, Memory memory, Moment at) {
        String name = region.region();
        Duration report = region.report() == null
                ? Duration.ZERO
                : memory.sinceReport(name, region.report().version(), at);
        Duration reach = region.reach() == null
                ? Duration.ZERO
                : memory.sinceReach(name, region.reach().version(), at);
        return new LastWords(report, reach, Duration.ZERO, Heard.NOBODY);
    }

    /** Whether it is so as a decision counts it, but for one who was only named and never opened. */
    private boolean isSilent(Memory memory, ClusterState cluster, Moment at) {
        Master master = cluster.master().value();
        Lease lease = cluster.region(master.region()).lease().value();
        return !master.released()
                && lease.openedIn(master.epoch())
                && memory.silence(cluster, master.region(), at).compareTo(timing.silenceOf(lease.ttl())) >= 0;
    }

    @Override
    public void close() {
        errand.close();
    }
}

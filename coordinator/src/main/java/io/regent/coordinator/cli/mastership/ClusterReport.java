package io.regent.coordinator.cli.mastership;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.failover.diagnosis.LastWords;
import io.regent.failover.history.History;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Plan;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as {@code status} shows it: what ZooKeeper holds, and beside it what each coordinator told.
 *
 * @param cluster its name
 * @param mastership who may write
 * @param diagnosis names of what is wrong, each with whose it is, what was seen, by whom, how long ago and how sure
 * @param problems why it is not healthy, one sentence each; empty if it is
 * @param notes what could not be known
 * @param regions one for each, the file's first
 */
record ClusterReport(
        String cluster,
        Mastership mastership,
        List<Map<String, Object>> diagnosis,
        List<String> problems,
        List<String> notes,
        List<Region> regions) {

    /**
     * Who may write.
     *
     * @param epoch the cluster's epoch
     * @param master the region it names
     * @param history how many transactions were history when it began; null while that is not known
     * @param closing id of the plan for which the master closes
     * @param released whether the master gave up with nobody named instead
     * @param plans orders of this epoch that stand
     */
    record Mastership(
            long epoch,
            String master,
            @Nullable Long history,
            @Nullable String closing,
            boolean released,
            List<String> plans) {}

    /**
     * A region.
     *
     * @param mysql its address, as the file says; empty if the file does not name the region
     * @param present whether a coordinator of it has a session
     * @param reported what it last reported; null if it never did
     * @param lease its last renewal
     * @param coordinator what its coordinator told
     */
    record Region(
            String region,
            String mysql,
            boolean present,
            @Nullable Reported reported,
            Renewal lease,
            Coordinator coordinator) {}

    /**
     * A region's last report.
     *
     * @param lacks how many transactions the master reported and it did not; it may have some of them by now
     * @param beyond how many it executed outside history
     */
    record Reported(String state, long epoch, long openedEpoch, long transactions, long lacks, long beyond) {}

    /**
     * A region's last renewal.
     *
     * @param epoch the epoch it was for; 0 before the first
     * @param by the coordinator that renewed
     */
    record Renewal(long epoch, String phase, String progress, String by) {}

    /**
     * What the coordinator told over HTTP.
     *
     * @param address where it was asked; empty if the file does not say
     * @param error why it did not tell
     * @param status its status; null if it did not tell
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Coordinator(
            String address, String error, @Nullable CoordinatorStatus status) {}

    static ClusterReport of(
            ClusterConfig config, ClusterState cluster, Map<String, Told> told, Map<String, LastWords> written) {
        Master master = cluster.master().value();
        List<String> plans = cluster.plans().values().stream()
                .map(Znode::value)
                .filter(plan -> plan.epoch() == master.epoch() && !plan.aborted() && plan.kind() != Plan.Kind.UNION)
                .map(Plan::id)
                .toList();
        Mastership mastership = new Mastership(
                master.epoch(), master.region(), count(master.cut()), master.closing(), master.released(), plans);
        List<Region> regions = new ArrayList<>();
        for (RegionState state : cluster.regions()) {
            regions.add(region(config, cluster, state, told.getOrDefault(state.region(), Told.NOT_ASKED)));
        }
        Health health = new Health(cluster, told).judge(config);
        List<Map<String, Object>> diagnosis = Observations.diagnose(cluster, told, written).stream()
                .map(Observations::json)
                .toList();
        return new ClusterReport(config.cluster(), mastership, diagnosis, health.problems(), health.notes(), regions);
    }

    private static Region region(ClusterConfig config, ClusterState cluster, RegionState state, Told told) {
        String mysql = config.region(state.region())
                .map(RegionConfig::mysql)
                .map(Object::toString)
                .orElse("");
        Lease lease = state.lease().value();
        return new Region(
                state.region(),
                mysql,
                state.present(),
                reported(cluster, state),
                new Renewal(lease.epoch(), lease.phase().name(), lease.progress(), lease.coordinator()),
                new Coordinator(told.address(), told.error(), told.status()));
    }

    private static @Nullable Reported reported(ClusterState cluster, RegionState state) {
        Znode<Report> node = state.report();
        if (node == null) {
            return null;
        }
        Report report = node.value();
        GtidSet beyond = History.of(cluster).outside(state.region(), report.executed(), report.openedEpoch());
        GtidSet lacks =
                Preflight.executed(cluster, cluster.master().value().region()).subtract(report.executed());
        return new Reported(
                report.state().name(),
                report.epoch(),
                report.openedEpoch(),
                report.executed().count(),
                lacks.count(),
                beyond.count());
    }

    private static @Nullable Long count(@Nullable GtidSet set) {
        return set == null ? null : set.count();
    }
}

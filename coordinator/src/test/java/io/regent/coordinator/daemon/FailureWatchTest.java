package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.http.CoordinatorStatus;
import io.regent.coordinator.http.CoordinatorStatus.Failing;
import io.regent.coordinator.http.Statuses;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Report;
import io.regent.failover.model.WriteState;
import io.regent.failover.model.Znode;
import io.regent.failover.timing.Moment;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.Duty;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.RegionView;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What aws1's coordinator names by what its loop saw; phx1 is master. */
class FailureWatchTest {
    private static final Moment FIRST = new Moment(0, 0);
    private static final ClusterState CLUSTER = new ClusterState(
            new Znode<>(Master.first("phx1", GtidSet.EMPTY, "init"), 1),
            List.of(region("phx1", Phase.OPEN, WriteState.OPEN), region("aws1", Phase.OPEN, WriteState.STANDBY)),
            new TreeMap<>(),
            Map.of(),
            List.of(),
            List.of(),
            new Znode<>(Policy.NONE.withPaused("cables"), 0),
            GtidSet.EMPTY);

    private @Nullable Snapshot seen;
    private final CoordinatorStatus status = Statuses.replica("running", 0L);
    private final FailureWatch watch = new FailureWatch("aws1", () -> seen, () -> status, Timing.standard());

    private static RegionState region(String name, Phase phase, WriteState state) {
        Lease lease = new Lease(1, "nonce", Duration.ofSeconds(3), name + "/1", phase, "", null);
        Report report = new Report(1, state == WriteState.OPEN ? 1 : 0, GtidSet.EMPTY, state, 0);
        return new RegionState(name, new Znode<>(lease, 4), new Znode<>(report, 2), true);
    }

    private void sees(@Nullable ClusterState cluster, boolean active, Duration since) {
        Moment at = new Moment(since.toMillis(), since.toMillis());
        Memory memory = Memory.EMPTY
                .observing(CLUSTER, OwnServer.UNREACHABLE, FIRST)
                .observing(cluster, OwnServer.UNREACHABLE, at);
        RegionView view = new RegionView(
                "aws1", "aws1-1", new Duty(active, false, 7), cluster, OwnServer.UNREACHABLE, memory, Reach.NONE);
        seen = new Snapshot(view, at, "", "", cluster == null ? "no answer" : "", "", "");
    }

    private List<String> named(Duration later) {
        watch.turn(later.toNanos());
        return watch.standing().stream().map(Failing::failure).toList();
    }

    @Test
    void beforeItsFirstTurnAndWhereItStandsByNothingIsNamed() {
        assertThat(named(Duration.ZERO)).isEmpty();
        sees(CLUSTER, true, Duration.ofSeconds(1));
        assertThat(named(Duration.ZERO)).containsExactly("AutomationPaused");
        sees(CLUSTER, false, Duration.ofSeconds(1));
        assertThat(named(Duration.ZERO)).isEmpty();
    }

    @Test
    void aMasterThatHasASessionAndDoesNotRenewIsNamedOnceItIsClosedForCertain() {
        Duration closed = Timing.standard().silenceOf(Duration.ofSeconds(3));
        sees(CLUSTER, true, closed.minusMillis(1));
        assertThat(named(Duration.ZERO)).containsExactly("AutomationPaused");
        sees(CLUSTER, true, closed);
        assertThat(named(Duration.ZERO)).containsExactly("CoordinatorGoneMySqlFine", "AutomationPaused");
    }

    @Test
    void withoutZooKeeperItSaysThatAloneAfterAMoment() {
        sees(null, false, Duration.ofSeconds(1));
        assertThat(named(Duration.ZERO)).isEmpty();
        assertThat(named(FailureLog.STUMBLE)).containsExactly("NoQuorum");
    }
}

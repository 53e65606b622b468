package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.replicator.link.LinkStatus;
import io.regent.replicator.link.LinkStatus.State;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Of aws1, whose link from phx1, the master, is away, and to which aws2 brings what phx1 commits. */
class LinkStatesTest {
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
    private static final Map<String, LinkStatus> LINKS = Map.of(
            "phx1", link(State.CONNECTING, "phx1 can't be reached", false, false, null),
            "aws2", link(State.RUNNING, "", true, true, NOW.minusMillis(250)));

    private static LinkStatus link(
            State state, String detail, boolean connected, boolean standsIn, @Nullable Instant waiting) {
        return new LinkStatus(state, detail, connected, connected, standsIn, true, 0, null, null, waiting, null);
    }

    private static ClusterState aws2Says(Reach reach) {
        Lease none = Lease.none(Duration.ofSeconds(3));
        return new ClusterState(
                new Znode<>(Master.first("phx1", GtidSet.EMPTY, "a"), 1),
                List.of(
                        new RegionState("phx1", new Znode<>(none, 0), null, true),
                        new RegionState("aws2", new Znode<>(none, 0), null, true, new Znode<>(reach, 1))),
                new TreeMap<>(),
                Map.of(),
                List.of(),
                List.of(),
                Policy.UNSAID);
    }

    private static LinkState fromPhx1(@Nullable ClusterState cluster) {
        return LinkStates.of(cluster, LINKS, NOW).stream()
                .filter(link -> link.source().equals("phx1"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsRelayedIsSaidAtTheLinkThatIsAwayAndIsAtMostASecondLaterThanItSeems() {
        LinkState link = fromPhx1(aws2Says(new Reach(List.of("phx1"), List.of(), List.of())));
        assertThat(link.state()).isEqualTo("connecting");
        assertThat(link.isUp()).isFalse();
        assertThat(link.detail()).isEqualTo("phx1 can't be reached; relayed by aws2");
        assertThat(link.relay()).isEqualTo("aws2");
        assertThat(link.lagMillis()).isEqualTo(1250);
    }

    @Test
    void howLateItIsIsNotKnownWhereTheOtherRegionIsBehindTheMaster() {
        LinkState link = fromPhx1(aws2Says(new Reach(List.of("phx1"), List.of(), List.of("phx1"))));
        assertThat(link.relay()).isEqualTo("aws2");
        assertThat(link.lagMillis()).isNull();
    }

    @Test
    void aRegionThatDoesNotReachTheMasterEitherRelaysNothing() {
        assertThat(fromPhx1(aws2Says(new Reach(List.of(), List.of("phx1"), List.of())))
                        .relay())
                .isNull();
        assertThat(fromPhx1(aws2Says(Reach.NONE)).relay()).isNull();
        assertThat(fromPhx1(null).relay()).isNull();
    }
}

package io.regent.coordinator.cli.mastership;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.mastership.PromotionReport.Outcome;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Phase;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.RegionState;
import io.regent.failover.model.Znode;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What those are told who ordered a move or a failover: what came of it, not that something did. */
class EndingsTest {
    private static final UUID PHX1 = new UUID(0, 1);
    private static final List<String> REGIONS = List.of("phx1", "aws1", "aws2");

    private final Plan move = new Plan("move-1", Plan.Kind.MOVE, 1, "aws1", null, false);
    private final Promotion promotion = new Promotion(move, "phx1", "aws1", step -> {});
    private final SortedMap<Long, Ended> history = new TreeMap<>();
    private final Map<String, Znode<Plan>> plans = new HashMap<>();
    private Master master = Master.first("phx1", phx1("1-9"), "init");

    private static GtidSet phx1(String numbers) {
        return GtidSet.parse(PHX1 + ":" + numbers);
    }

    private void next(String region, boolean gaveUp, @Nullable GtidSet cut) {
        history.put(master.epoch(), Ended.of(master, gaveUp, true));
        master = master.next(region, gaveUp, cut, "test");
    }

    private ClusterState open(String region) {
        List<RegionState> regions = REGIONS.stream()
                .map(name -> new RegionState(name, new Znode<>(lease(name, name.equals(region)), 1), null, true))
                .toList();
        return new ClusterState(
                new Znode<>(master, 1),
                regions,
                history,
                plans,
                List.of(),
                List.of(new Origin(PHX1, "phx1", 1)),
                Policy.UNSAID);
    }

    private Lease lease(String region, boolean open) {
        Duration ttl = Duration.ofSeconds(3);
        return open ? new Lease(master.epoch(), "n", ttl, region + "/1", Phase.OPEN, "", null) : Lease.none(ttl);
    }

    private PromotionReport promoted(ClusterState... looks) {
        for (ClusterState look : looks) {
            promotion.see(look, 0, 0);
        }
        assertThat(promotion.hasEnded()).isTrue();
        return promotion.report(Outcome.UNKNOWN);
    }

    @Test
    void aMoveThatWasHandedOverIsAMove() {
        next("aws1", true, phx1("1-12"));
        assertThat(promoted(open("aws1")).outcome()).isEqualTo(Outcome.OPEN);
    }

    @Test
    void aTargetThatWasNamedBecauseTheMasterFellSilentIsAFailoverWithItsLoss() {
        next("aws1", false, null);
        ClusterState named = open("none");
        master = master.withCut(phx1("1-7"), "certifier");
        PromotionReport report = promoted(named, open("aws1"));
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED_OVER);
        assertThat(report.outcome().code()).isEqualTo(1);
        assertThat(report.headline()).contains("by a failover, not by this move");
        assertThat(report.problems()).singleElement().asString().contains("2 transactions are outside history");
    }

    @Test
    void aFailoverThatIsSeenOnlyWhenItIsOverIsToldFromAMoveByItsUnion() {
        next("aws1", false, phx1("1-9"));
        plans.put(Plan.unionId(2), new Znode<>(Plan.union(2, "aws1", phx1("1-9")), 0));
        PromotionReport report = promoted(open("aws1"));
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED_OVER);
        assertThat(report.problems()).singleElement().asString().contains("nothing is known to be left behind");
    }

    private static Plan failover(@Nullable String to) {
        return new Plan("failover-1", Plan.Kind.FAILOVER, 1, to, null, false);
    }

    @Test
    void aFailoverIsDoneWhenAnotherRegionIsOpenAndTheOrderedOneIfOneWas() {
        next("aws1", false, phx1("1-9"));
        assertThat(FailoverEnd.problem(failover(null), open("aws1"))).isEmpty();
        assertThat(FailoverEnd.problem(failover("aws1"), open("aws1"))).isEmpty();
        assertThat(FailoverEnd.problem(failover("aws2"), open("aws1")))
                .contains("aws2 was ordered, and aws1 is master");
    }

    @Test
    void aFailoverThatEndsAtTheMasterThatWasToBeLeftIsNone() {
        next("aws1", false, null);
        next("phx1", true, phx1("1-9"));
        assertThat(FailoverEnd.problem(failover(null), open("phx1"))).contains("phx1 was to be left");
    }

    @Test
    void whatWasLostOverSeveralFailoversIsToldWhole() {
        next("aws1", false, phx1("1-7"));
        next("aws2", false, phx1("1-6"));
        assertThat(FailoverEnd.lost(failover(null), open("aws2"))).isEqualTo(phx1("7-9"));
    }
}

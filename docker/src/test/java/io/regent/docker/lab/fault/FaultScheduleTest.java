package io.regent.docker.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
    private static final Estate ESTATE =
            new Estate(List.of("phx1", "aws1", "aws2"), Map.of("zk1", "phx1", "zk2", "aws1", "zk3", "aws2"));
    private static final Set<Fault> ALL = EnumSet.allOf(Fault.class);

    private static FaultLimits limits(int atOnce, Duration withoutMajority) {
        return new FaultLimits(
                Duration.ofMinutes(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(12),
                Duration.ofSeconds(20),
                atOnce,
                withoutMajority);
    }

    private static PlannedFault fault(long at, Fault fault, String target, long duration) {
        return new PlannedFault(at, fault, target, duration);
    }

    @Test
    void aSeedChoosesTheSameEachTimeAndAnotherSomethingElse() {
        FaultLimits limits = limits(2, Duration.ZERO);

        assertThat(FaultSchedule.of(7, ESTATE, limits, ALL)).isEqualTo(FaultSchedule.of(7, ESTATE, limits, ALL));
        assertThat(FaultSchedule.of(7, ESTATE, limits, ALL)).isNotEqualTo(FaultSchedule.of(8, ESTATE, limits, ALL));
    }

    @Test
    void noScheduleBreaksItsLimits() {
        Outages outages = new Outages(ESTATE);
        Set<Fault> seen = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            Duration out = Duration.ofSeconds(seed % 4);
            List<PlannedFault> schedule = FaultSchedule.of(seed, ESTATE, limits(1 + (int) (seed % 3), out), ALL);

            assertThat(schedule).as("seed %d", seed).hasSizeGreaterThan(10);
            assertThat(outages.withoutMajority(schedule)).isLessThanOrEqualTo(out.toMillis());
            assertThat(outages.withoutRegion(schedule)).isLessThanOrEqualTo(out.toMillis());
            for (PlannedFault one : schedule) {
                assertThat(one.durationMillis()).isBetween(2_000L, 20_000L);
                assertThat(one.untilMillis()).isLessThanOrEqualTo(595_000);
                assertThat(schedule.stream()
                                .filter(other ->
                                        other.atMillis() <= one.atMillis() && one.atMillis() < other.untilMillis()))
                        .hasSizeLessThanOrEqualTo(1 + (int) (seed % 3));
                assertThat(schedule.stream()
                                .filter(other ->
                                        !other.equals(one) && other.target().equals(one.target()))
                                .filter(other -> other.overlaps(fault(
                                        one.atMillis() - 5_000,
                                        one.fault(),
                                        one.target(),
                                        one.durationMillis() + 5_000))))
                        .isEmpty();
            }
            schedule.forEach(one -> seen.add(one.fault()));
        }
        assertThat(seen).isEqualTo(ALL);
    }

    @Test
    void faultsComeTwoAtATimeIfTheyMay() {
        assertThat(Stream.iterate(0L, seed -> seed + 1)
                        .limit(20)
                        .map(seed -> FaultSchedule.of(seed, ESTATE, limits(2, Duration.ZERO), ALL))
                        .filter(schedule -> schedule.stream()
                                .anyMatch(one -> schedule.stream()
                                        .anyMatch(other -> !other.equals(one) && other.overlaps(one)))))
                .hasSizeGreaterThan(15);
    }

    @Test
    void anOutageIsAsLongAsAllItsPartsTogether() {
        Outages outages = new Outages(ESTATE);
        List<PlannedFault> schedule = List.of(
                fault(0, Fault.ZOOKEEPER_KILLED, "zk1", 100),
                fault(50, Fault.REGION_CUT, "aws1", 100),
                fault(90, Fault.ZOOKEEPER_PAUSED, "zk3", 30),
                fault(500, Fault.MYSQLD_KILLED, "phx1", 100),
                fault(540, Fault.LINKS_HELD, "aws1", 100),
                fault(560, Fault.COORDINATOR_PAUSED, "aws2", 20));

        assertThat(outages.withoutMajority(schedule)).isEqualTo(70);
        assertThat(outages.withoutRegion(schedule)).isEqualTo(20);
        assertThat(outages.withoutMajority(schedule.subList(0, 1))).isZero();
        assertThat(outages.withoutMajority(
                        List.of(fault(0, Fault.REGION_CUT, "phx1", 100), fault(0, Fault.ZOOKEEPER_KILLED, "zk1", 100))))
                .isZero();
    }

    @Test
    void aZooKeeperServerThatIsNotHeardOrHearsNothingIsNoPartOfAMajority() {
        Outages outages = new Outages(ESTATE);
        for (Fault fault : List.of(Fault.REGION_MUTE, Fault.REGION_DEAF, Fault.REGION_WITHOUT_ZOOKEEPER)) {
            assertThat(outages.withoutMajority(
                            List.of(fault(0, fault, "phx1", 100), fault(0, Fault.ZOOKEEPER_KILLED, "zk2", 100))))
                    .as(fault.title())
                    .isEqualTo(100);
        }
        assertThat(outages.withoutMajority(List.of(
                        fault(0, Fault.REGION_NARROW, "phx1", 100), fault(0, Fault.ZOOKEEPER_KILLED, "zk2", 100))))
                .isZero();
    }

    @Test
    void aLoneZookeeperIsStruckOnlyIfThatIsAllowed() {
        Estate alone = new Estate(List.of("phx1", "aws1", "aws2"), Map.of("zookeeper", ""));
        Set<Fault> zookeeper = EnumSet.of(Fault.ZOOKEEPER_KILLED, Fault.MYSQLD_KILLED);

        assertThat(FaultSchedule.of(3, alone, limits(1, Duration.ZERO), zookeeper))
                .extracting(PlannedFault::fault)
                .containsOnly(Fault.MYSQLD_KILLED);
        assertThat(FaultSchedule.of(3, alone, limits(1, Duration.ofSeconds(20)), zookeeper))
                .extracting(PlannedFault::fault)
                .contains(Fault.ZOOKEEPER_KILLED, Fault.MYSQLD_KILLED);
    }

    @Test
    void limitsWithoutRoomAreRefused() {
        assertThatThrownBy(() -> new FaultLimits(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(16),
                        1,
                        Duration.ZERO))
                .hasMessageContaining("no room for a fault of PT16S");
        assertThatThrownBy(() -> limits(0, Duration.ZERO)).hasMessageContaining("at least 1 fault");
        assertThatThrownBy(() -> FaultSchedule.of(1, ESTATE, limits(1, Duration.ZERO), Set.of()))
                .hasMessageContaining("no kind of fault");
    }
}

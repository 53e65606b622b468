package io.regent.docker.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Network.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InjectorTest {
    private final List<String> told = new ArrayList<>();
    private final Witness witness = new Witness() {
        @Override
        public void began(Fault fault, String target) {
            told.add(fault + " of " + target);
        }

        @Override
        public void ended(Fault fault, String target) {
            told.add(fault + " of " + target + " over");
        }

        @Override
        public void stoodStill(String region, long fromNanos, long untilNanos) {
            told.add(region + " stood still");
        }
    };

    @Test
    void whatWasKilledRunsAgainWhenTheFaultIsOver() {
        FakeFleet fleet = new FakeFleet(false);
        Lasting killed = new Injector(fleet, witness).inject(Fault.MYSQLD_KILLED, "phx1");
        assertThat(fleet.done).containsExactly("kill mysqld phx1");

        killed.close();

        assertThat(fleet.done).containsExactly("kill mysqld phx1", "start mysqld phx1");
        assertThat(told).containsExactly("MYSQLD_KILLED of phx1", "MYSQLD_KILLED of phx1 over");
    }

    @Test
    void whatWasShutDownRunsAgainWhenTheFaultIsOver() {
        FakeFleet fleet = new FakeFleet(true);
        Injector injector = new Injector(fleet, witness);

        injector.inject(Fault.MYSQLD_STOPPED, "phx1").close();
        injector.inject(Fault.COORDINATOR_STOPPED, "phx1").close();
        injector.inject(Fault.ZOOKEEPER_STOPPED, "ZooKeeper of aws1").close();

        assertThat(fleet.done)
                .containsExactly(
                        "stop mysqld phx1",
                        "start mysqld phx1",
                        "stop coordinator of phx1",
                        "start coordinator of phx1",
                        "stop ZooKeeper of aws1",
                        "start ZooKeeper of aws1");
    }

    @Test
    void aRegionIsKilledWithoutItsZooKeeper() {
        FakeFleet fleet = new FakeFleet(true);
        new Injector(fleet, witness).inject(Fault.REGION_KILLED, "aws1").close();

        assertThat(fleet.done)
                .containsExactlyInAnyOrder(
                        "kill mysqld aws1",
                        "kill coordinator of aws1",
                        "start mysqld aws1",
                        "start coordinator of aws1");
    }

    @Test
    void aServerThatStoodStillIsWrittenDown() {
        FakeFleet fleet = new FakeFleet(true);
        new Injector(fleet, witness).inject(Fault.REGION_PAUSED, "phx1").close();

        assertThat(fleet.done)
                .contains("suspend ZooKeeper of phx1", "resume ZooKeeper of phx1")
                .hasSize(6);
        assertThat(told).contains("phx1 stood still");
    }

    @Test
    void whoEndedWhileItStoodStillIsNotWoken() {
        FakeFleet fleet = new FakeFleet(false);
        Lasting paused = new Injector(fleet, witness).inject(Fault.COORDINATOR_PAUSED, "phx1");
        fleet.end("phx1");

        paused.close();

        assertThat(fleet.done).containsExactly("suspend coordinator of phx1");
    }

    @Test
    void whatFailsHalfWayIsTakenBack() {
        FakeFleet fleet = new FakeFleet(true);
        Injector injector = new Injector(fleet, witness);
        fleet.defy("phx1");

        assertThatThrownBy(() -> injector.inject(Fault.REGION_PAUSED, "phx1"))
                .hasMessage("coordinator of phx1 cannot be suspended");

        assertThat(fleet.done)
                .contains("suspend mysqld phx1", "resume mysqld phx1")
                .contains("suspend ZooKeeper of phx1", "resume ZooKeeper of phx1");
        assertThat(told).isEmpty();
    }

    @Test
    void aRegionStaysCutOffWhenAnotherIsReachedAgain() {
        FakeFleet fleet = new FakeFleet(true);
        Injector injector = new Injector(fleet, witness);
        Cut phx1 = Cut.between(Set.of("phx1"), Set.of("aws1", "aws2"));
        Cut aws1 = Cut.between(Set.of("aws1"), Set.of("phx1", "aws2"));

        Lasting first = injector.inject(Fault.REGION_CUT, "phx1");
        Lasting second = injector.inject(Fault.REGION_CUT, "aws1");
        first.close();
        second.close();

        assertThat(fleet.cuts).containsExactly(List.of(phx1), List.of(aws1, phx1), List.of(aws1), List.of());
    }

    @Test
    void aRegionIsHeardOrHearsOrLacksZooKeeperAlone() {
        FakeFleet fleet = new FakeFleet(true);
        Injector injector = new Injector(fleet, witness);
        Set<String> others = Set.of("phx1", "aws2");
        Set<String> aws1 = Set.of("aws1");

        injector.inject(Fault.REGION_MUTE, "aws1").close();
        injector.inject(Fault.REGION_DEAF, "aws1").close();
        injector.inject(Fault.REGION_WITHOUT_ZOOKEEPER, "aws1").close();

        assertThat(fleet.cuts)
                .containsExactly(
                        List.of(new Cut(aws1, others, false, Traffic.ALL)),
                        List.of(),
                        List.of(new Cut(others, aws1, false, Traffic.ALL)),
                        List.of(),
                        List.of(new Cut(aws1, others, true, Traffic.ZOOKEEPER)),
                        List.of());
    }

    @Test
    void aNarrowLineIsWideAgainWhenItIsOver() {
        FakeFleet fleet = new FakeFleet(true);
        Lasting narrow = new Injector(fleet, witness).inject(Fault.REGION_NARROW, "aws1");
        assertThat(fleet.done).containsExactly("limit aws1");

        narrow.close();

        assertThat(fleet.done).containsExactly("limit aws1", "no limit for aws1");
    }

    @Test
    void aFleetWithoutNetworkAndEnsembleIsSparedWhatItCannotHave() {
        assertThat(Injector.kinds(new FakeFleet(false)))
                .doesNotContain(
                        Fault.REGION_CUT,
                        Fault.REGION_MUTE,
                        Fault.REGION_DEAF,
                        Fault.REGION_WITHOUT_ZOOKEEPER,
                        Fault.REGION_NARROW,
                        Fault.ZOOKEEPER_KILLED,
                        Fault.ZOOKEEPER_STOPPED,
                        Fault.ZOOKEEPER_PAUSED,
                        Fault.CLOCK_AHEAD,
                        Fault.CLOCK_BACK)
                .contains(Fault.MYSQLD_KILLED, Fault.REGION_PAUSED, Fault.LINKS_HELD);
        assertThat(Injector.kinds(new FakeFleet(true))).containsExactlyInAnyOrder(Fault.values());
    }

    @Test
    void aClockThatWasSetIsSetRightAgain() {
        FakeFleet fleet = new FakeFleet(true);
        Injector injector = new Injector(fleet, witness);

        injector.inject(Fault.CLOCK_AHEAD, "phx1").close();
        injector.inject(Fault.CLOCK_BACK, "aws1").close();

        assertThat(fleet.done)
                .containsExactly("clock of phx1 1 h", "clock of phx1 0 h", "clock of aws1 -1 h", "clock of aws1 0 h");
        assertThatThrownBy(() -> new Injector(new FakeFleet(false), witness).inject(Fault.CLOCK_AHEAD, "phx1"))
                .hasMessage("the clocks of this fleet cannot be set");
    }

    @Test
    void aZooKeeperServerLivesInItsRegion() {
        assertThat(Injector.estate(new FakeFleet(true)).zookeepers())
                .isEqualTo(
                        Map.of("ZooKeeper of phx1", "phx1", "ZooKeeper of aws1", "aws1", "ZooKeeper of aws2", "aws2"));
        assertThat(Injector.estate(new FakeFleet(false)).zookeepers()).hasSize(1);
    }
}

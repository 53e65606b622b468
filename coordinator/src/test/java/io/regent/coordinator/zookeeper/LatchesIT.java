package io.regent.coordinator.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.failover.view.Duty;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.curator.test.KillSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LatchesIT {
    private Lab lab;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.withCluster();
    }

    @AfterEach
    void stop() throws Exception {
        lab.close();
    }

    @Test
    void oneCoordinatorOfARegionIsActiveAndTheNextOneHasAGreaterIncarnation() {
        Ensemble ensemble = lab.connect();
        try (Latches first = stand(ensemble, "phx1", "c1")) {
            Duty before = awaitDuty(first, Duty::active); // else the second could be first
            isSucceeded(ensemble, before);
        }
    }

    private void isSucceeded(Ensemble ensemble, Duty before) {
        try (Latches second = stand(lab.connect(), "phx1", "c2")) {
            assertThat(second.duty()).isEqualTo(new Duty(false, false, 0));
            assertThat(Lab.look(Lab.store(ensemble, "phx1", "c1"))
                            .region("phx1")
                            .present())
                    .isTrue();

            ensemble.close();

            assertThat(awaitDuty(second, Duty::active).incarnation()).isGreaterThan(before.incarnation());
        }
    }

    @Test
    void ofTheActiveCoordinatorsOfAllRegionsOneIsController() {
        Ensemble phx1 = lab.connect();
        try (Latches aws1 = stand(lab.connect(), "aws1", "c1")) {
            awaitDuty(aws1, Duty::controller);
            try (Latches first = stand(phx1, "phx1", "c1")) {
                assertThat(awaitDuty(first, Duty::active).controller()).isFalse();
                assertThat(aws1.duty().controller()).isTrue();
            }
        }
        try (Latches first = stand(phx1, "phx1", "c1")) {
            awaitDuty(first, Duty::controller);
        }
    }

    @Test
    void anExpiredSessionEndsTheIncarnation() throws Exception {
        Ensemble ensemble = lab.connect();
        AtomicInteger wakes = new AtomicInteger();
        try (Latches latches = Latches.stand(ensemble, Lab.CLUSTER, "phx1", "c1", wakes::incrementAndGet)) {
            Duty before = awaitDuty(latches, Duty::active);
            int wakesBefore = wakes.get();

            KillSession.kill(ensemble.curator().getZookeeperClient().getZooKeeper());

            Duty after = awaitDuty(latches, duty -> duty.active() && duty.incarnation() != before.incarnation());
            assertThat(after.incarnation()).isGreaterThan(before.incarnation());
            assertThat(wakes.get()).isGreaterThan(wakesBefore);
        }
    }

    @Test
    void theSessionTimeoutIsTheOneTheServersGrant() {
        assertThat(lab.connect().negotiatedSession()).contains(Lab.SESSION);
    }

    private static Latches stand(Ensemble ensemble, String region, String coordinator) {
        return Latches.stand(ensemble, Lab.CLUSTER, region, coordinator, () -> {});
    }

    private static Duty awaitDuty(Latches latches, Predicate<Duty> wanted) {
        return await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .until(latches::duty, wanted);
    }
}

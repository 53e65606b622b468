package io.regent.coordinator.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.timing.Timing;
import io.regent.sql.fence.DeadMan;
import org.junit.jupiter.api.Test;

/** Where both modules are at hand: what is waited for is what the switch inside mysqld keeps to. */
class DeadManTimesTest {
    @Test
    void theDeadManThatTimingsCountOnIsTheOneInsideMysqld() {
        Timing.DeadMan counted = Timing.standard().deadMan();
        assertThat(counted).isEqualTo(new Timing.DeadMan(DeadMan.INTERVAL, DeadMan.WAIT_CAP, DeadMan.CLOSING));
        assertThat(counted.bound()).isEqualTo(DeadMan.BOUND);
    }
}

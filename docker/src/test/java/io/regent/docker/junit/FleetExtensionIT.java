package io.regent.docker.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.drill.FleetKind;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.MoveMaster;
import io.regent.docker.lab.step.StartLoad;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("drill")
@Fleet(regions = 3, kind = FleetKind.PROCESSES)
@Timeout(300)
class FleetExtensionIT {
    @Test
    void aTestOfAUserMovesTheMasterAndFindsThatNothingIsLost(Arena arena) throws Exception {
        arena.play(new StartLoad(), new MoveMaster("phx1", "aws1"), new FinalCheck(1, false));

        assertThat(arena.findings().faults()).isEmpty();
        assertThat(arena.findings().movePauses()).hasSize(1);
        assertThat(arena.findings().moveLost()).isZero();
        assertThat(arena.history().acknowledged().count()).isGreaterThan(200);
    }
}

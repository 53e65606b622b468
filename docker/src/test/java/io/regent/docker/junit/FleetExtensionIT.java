package io.regent.docker.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.IsolateMaster;
import io.regent.docker.lab.step.StartLoad;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("drill")
@Fleet(regions = 3)
@Timeout(300)
class FleetExtensionIT {
    @Test
    void aTestOfAUserCutsTheMasterOffAndFindsThatItClosedBeforeAnotherOpened(Arena arena) throws Exception {
        arena.play(new StartLoad(), new IsolateMaster("phx1"), new FinalCheck(1, true));

        assertThat(arena.findings().faults()).isEmpty();
        assertThat(arena.findings().failovers()).hasSize(1);
        assertThat(arena.findings().stranded()).isPositive();
        assertThat(arena.history().acknowledged().count()).isGreaterThan(200);
    }
}

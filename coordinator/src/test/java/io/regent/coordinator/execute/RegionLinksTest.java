package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.timing.Timing;
import io.regent.replicator.link.LinkSettings.Tuning;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RegionLinksTest {
    /** The one is a promise of the links, the other is what the rule for opening trusts. */
    @Test
    void linksForgetWhatTheirSourceToldBeforeItMayOpenAgain() {
        assertThat(Tuning.defaults(Path.of("spill")).markLife()).isLessThanOrEqualTo(Timing.MARK_LIFE);
    }
}

package io.regent.sql.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which ports servers of this machine get. */
class PortsTest {
    @Test
    void portsDrawnTogetherAreDifferentFreeAndBelowThoseOfOutgoingConnections() {
        assertThat(Ports.free(300))
                .hasSize(300)
                .doesNotHaveDuplicates()
                .allMatch(Ports::isFree)
                .allMatch(port -> port >= 15_000 && port < 30_000);
    }
}

package io.regent.sql.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which ports servers of this machine get. */
class PortsTest {
    private static final int MANY = 20_000;

    private static Set<Integer> of(int share) {
        Set<Integer> ports = new TreeSet<>();
        for (int i = 0; i < MANY; i++) {
            ports.add(Ports.any(share));
        }
        return ports;
    }

    @Test
    void whoWorksSideBySideNeverGetsThePortsOfAnother() {
        assertThat(of(1)).doesNotContainAnyElementsOf(of(2)).doesNotContainAnyElementsOf(of(3));
        assertThat(of(2)).doesNotContainAnyElementsOf(of(3));
    }

    @Test
    void allOfThemLieBelowThePortsOfOutgoingConnections() {
        for (int share = 0; share < 8; share++) {
            assertThat(of(share)).allMatch(port -> port >= 15_000 && port < 30_000);
        }
    }

    @Test
    void portsDrawnTogetherAreDifferentAndFree() {
        assertThat(Ports.free(300)).hasSize(300).doesNotHaveDuplicates().allMatch(Ports::isFree);
    }
}

package io.regent.docker.lab.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.SnapshotRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BreachesTest {
    private static final SnapshotRule RULE = new SnapshotRule(Invariant.CAUSAL_ORDER, "entries", "identity.x", "");
    private final Breaches breaches = new Breaches();

    private static Breach breach(String region, String token, boolean fleeting) {
        return new Breach(region, 0, RULE, token, fleeting, token + " is wrong");
    }

    private void snapshot(String region, Breach... found) {
        breaches.add(region, List.of(RULE), List.of(found));
    }

    @Test
    void anOffenceCountsOnceHoweverManySnapshotsShowIt() {
        snapshot("phx1", breach("phx1", "a", false));
        snapshot("phx1", breach("phx1", "a", false), breach("phx1", "b", false));

        assertThat(breaches.all()).extracting(Breach::line).containsExactly("phx1: a is wrong", "phx1: b is wrong");
        assertThat(breaches.snapshots("phx1", RULE)).isEqualTo(2);
        assertThat(breaches.snapshots("aws1", RULE)).isZero();
    }

    @Test
    void aFleetingOffenceCountsOnlyIfTheNextSnapshotOfThatRegionShowsItToo() {
        snapshot("phx1", breach("phx1", "a", true));
        snapshot("aws1", breach("aws1", "a", true));
        snapshot("phx1");
        snapshot("phx1", breach("phx1", "a", true));
        assertThat(breaches.all()).isEmpty();

        snapshot("aws1", breach("aws1", "a", true));
        assertThat(breaches.all()).extracting(Breach::line).containsExactly("aws1: a is wrong");
    }

    @Test
    void aFloodOfOffencesIsKeptInBounds() {
        IntStream.range(0, 2 * Breaches.MOST).forEach(i -> snapshot("phx1", breach("phx1", "t" + i, false)));

        assertThat(breaches.all()).hasSize(Breaches.MOST);
    }
}

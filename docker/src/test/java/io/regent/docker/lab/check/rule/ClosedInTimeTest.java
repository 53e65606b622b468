package io.regent.docker.lab.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.Regions;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Refusals;
import io.regent.docker.lab.history.Writes;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClosedInTimeTest {
    private final History history = History.inMemory();
    private final Refusals refusals = new Refusals();

    private void acknowledged(String region, long start) {
        history.add(Writes.acknowledged(region, 0, Gtid.of(new UUID(0, 1), start), start, start + 1));
    }

    private Finding judge() throws Exception {
        Judgement judgement = new Judgement();
        Fates fates =
                new Fates(GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY);
        try (Regions nobody = new Regions(Map.of())) {
            new ClosedInTime("phx1", millis(1000), millis(20_000), Duration.ofMillis(4700), refusals)
                    .check(new Evidence(history, nobody, fates), judgement);
        }
        return judgement.verdict().of(Invariant.AT_MOST_ONE_MASTER);
    }

    private void refused(String region, long millis) {
        refusals.add(region, millis(millis), millis(millis + 1));
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void whatTheLeaseAllowsAndWhatComesAfterTheCutWasHealedIsRight() throws Exception {
        acknowledged("phx1", 900);
        acknowledged("phx1", 5700);
        acknowledged("aws1", 9000);
        acknowledged("phx1", 20_000);
        refused("phx1", 5701);

        assertThat(judge().holds()).isTrue();
        assertThat(judge().examined())
                .containsExactly(
                        "1 writes that phx1 acknowledged after it could renew its lease last",
                        "1 writes that phx1 refused after it had to be closed");
    }

    @Test
    void aFenceThatWorksTooLateIsFoundThoughNoOtherRegionWasMasterYet() throws Exception {
        acknowledged("phx1", 5701);
        refused("phx1", 6000);

        assertThat(judge().examples())
                .containsExactly(
                        "phx1 acknowledged what was sent 4701 ms after it could renew its lease last, and 4700 ms"
                                + " are the most (stage at phx1)");
    }

    @Test
    void thatNothingIsAcknowledgedProvesNothingWhereNobodyTried() throws Exception {
        refused("phx1", 3000);
        refused("aws1", 9000);
        refused("phx1", 20_000);

        assertThat(judge().examples())
                .containsExactly("phx1 refused nothing in the 14300 ms after it had to be closed, so nothing is proved"
                        + " there");
    }
}

package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.daemon.Journal.Whose;
import io.regent.coordinator.http.DecisionRecord;
import io.regent.failover.model.Reach;
import io.regent.failover.view.Duty;
import io.regent.failover.view.Memory;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.RegionView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final RegionView VIEW = new RegionView(
            "aws1", "aws1-1", new Duty(true, true, 7), null, OwnServer.UNREACHABLE, Memory.EMPTY, Reach.NONE);

    private final Journal journal = new Journal(() -> Instant.EPOCH, () -> Map.of("phx1", "connecting"));

    private List<String> reasons() {
        return journal.all().stream().map(DecisionRecord::reason).toList();
    }

    @Test
    void whatRepeatsButForItsNumbersStandsOnceAsItWasLast() {
        for (int i = 1; i <= 1000; i++) {
            journal.note(Whose.REGION, VIEW, "nothing to do", "");
            journal.note(Whose.CLUSTER, VIEW, "phx1 has not renewed for " + i + " ms", "");
        }
        assertThat(reasons()).containsExactly("nothing to do", "phx1 has not renewed for 1000 ms");
        journal.note(Whose.CLUSTER, VIEW, "names aws1", "");
        assertThat(reasons()).endsWith("phx1 has not renewed for 1000 ms", "names aws1");
    }

    @Test
    void renewalsAreNotedOnlyWhereTheyFail() {
        journal.note(Whose.REGION, VIEW, "renews epoch 1 in phase OPEN", "");
        assertThat(reasons()).isEmpty();
        journal.note(Whose.REGION, VIEW, "renews epoch 1 in phase OPEN", "Renew UNKNOWN: no answer");
        DecisionRecord failed = journal.all().get(0);
        assertThat(failed.trouble()).isEqualTo("Renew UNKNOWN: no answer");
        assertThat(failed.links()).isEqualTo(Map.of("phx1", "connecting"));
        assertThat(failed.epoch()).isNull();
        assertThat(failed.office()).isEqualTo("controller");
    }

    @Test
    void theOldestMakeWay() {
        for (char c = 'a'; c < 'a' + 26; c++) {
            for (char d = 'a'; d < 'a' + 20; d++) {
                journal.note(Whose.REGION, VIEW, "decides " + c + d, "");
            }
        }
        assertThat(reasons()).hasSize(200).endsWith("decides zt");
    }
}

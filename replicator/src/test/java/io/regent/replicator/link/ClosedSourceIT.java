package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Load;
import io.regent.replicator.lab.Region;
import io.regent.sql.fence.Ask;
import io.regent.sql.fence.ClosingMode;
import io.regent.sql.fence.Fence;
import io.regent.sql.schema.Answer;
import io.regent.sql.session.WriteState;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that is closed by its dead-man throws its clients out, and not who reads its binlog. */
@Timeout(120)
class ClosedSourceIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofMillis(900);
    private static final String READERS =
            "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'";

    @Test
    void whatWasCommittedInTheMomentOfTheClosingIsReadOnTheSameConnection(@TempDir Path directory) throws Exception {
        try (Region phx1 = Region.start("phx1", directory);
                Region aws1 = Region.start("aws1", directory);
                Link link = Links.start(phx1, aws1);
                Load load = Load.start(phx1, 4, 7, 1);
                Fence fence = Fence.connect(phx1.fence(), "coordinator-1")) {
            await().atMost(LIMIT).until(() -> phx1.query(READERS).size() == 1);
            openForOneLease(fence);
            long before = load.committed();
            await().atMost(LIMIT).until(() -> load.committed() > before + 10);
            List<String> readers = phx1.query(READERS);
            assertThat(readers).hasSize(1);
            await().atMost(LIMIT).until(() -> fence.state().writeState() == WriteState.SEALED);
            assertThat(fence.state().offlineMode()).isTrue();
            Links.awaitEverything(phx1, aws1, link);
            assertThat(phx1.query(READERS)).isEqualTo(readers);
            assertThat(link.status().state()).isEqualTo(LinkStatus.State.RUNNING);
        }
    }

    private static void openForOneLease(Fence fence) throws SQLException {
        assertThat(fence.seal(ClosingMode.EMERGENCY, LIMIT).isReleasable()).isTrue();
        assertThat(fence.standby()).isEqualTo(Answer.ok());
        assertThat(fence.records().recordEpoch(1, "phx1", null, Long.MAX_VALUE)).isEqualTo(Answer.ok());
        String nonce = UUID.randomUUID().toString();
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> fence.ask(nonce, TTL, fence.readLocal().asks()) == Ask.WRITTEN);
        assertThat(fence.grant(nonce)).isTrue();
        assertThat(fence.open(1, nonce)).isEqualTo(Answer.ok());
    }
}

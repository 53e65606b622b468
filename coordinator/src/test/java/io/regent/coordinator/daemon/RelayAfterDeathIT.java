package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master dies for good, and one of the two that are left has more of it than the other. */
class RelayAfterDeathIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration FAILOVER = Duration.ofSeconds(40);
    private static final String ROWS = "SELECT GROUP_CONCAT(a ORDER BY a) FROM app.t";

    private ThreeRegions regions;
    private CoordinatorProcess coordinator;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        regions = new ThreeRegions(directory);
        coordinator = regions.spawn("phx1", "phx1-1");
        regions.awaitOpen("phx1", SOON); // a process starts slowly: the others would take it for dead
        regions.start("aws1", "aws1-1");
        regions.start("aws2", "aws2-1");
        regions.write("phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY AUTO_INCREMENT, a INT)");
        regions.awaitEqual(SOON);
    }

    @AfterEach
    void close() throws Exception {
        regions.close();
    }

    private GtidSet fromPhx1(String region) throws Exception {
        UUID uuid = regions.mysql("phx1").serverUuid();
        return regions.executed(region).restrictedTo(uuid::equals);
    }

    @Test
    void theNewMasterRelaysToTheThirdRegionWhatTheDeadOneCommitted() throws Exception {
        try (Connection root = regions.mysql("aws2").sessions().open();
                Statement statement = root.createStatement()) {
            statement.execute("LOCK TABLES app.t WRITE");
            regions.write("phx1", "INSERT INTO app.t (a) VALUES (1), (2)", "INSERT INTO app.t (a) VALUES (3)");
            GtidSet written = fromPhx1("phx1");
            await().atMost(SOON).until(() -> fromPhx1("aws1").contains(written));
            coordinator.kill();
            regions.mysql("phx1").kill();
            regions.awaitOpen("aws1", FAILOVER);
            assertThat(fromPhx1("aws2").contains(written)).isFalse();
        }
        regions.write("aws1", "INSERT INTO app.t (a) VALUES (4)");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(fromPhx1("aws2")).isEqualTo(fromPhx1("aws1"));
            assertThat(regions.query("aws2", ROWS)).isEqualTo("1,2,3,4");
        });
        assertThat(regions.query("aws1", ROWS)).isEqualTo("1,2,3,4");
    }
}

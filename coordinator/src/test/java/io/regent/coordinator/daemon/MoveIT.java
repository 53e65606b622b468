package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoveIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static ThreeRegions regions;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        regions.startAll();
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY AUTO_INCREMENT, a INT)");
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    @Test
    void theMasterMovesThereAndBackAndEveryRegionHasEverything() throws Exception {
        regions.write("phx1", "INSERT INTO app.t (a) VALUES (1), (2)");
        regions.promote("aws1");
        regions.awaitOpen("aws1", SOON);
        regions.write("aws1", "INSERT INTO app.t (a) VALUES (3)");
        regions.promote("phx1");
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "INSERT INTO app.t (a) VALUES (4)");
        regions.awaitEqual(SOON);
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(region, "SELECT GROUP_CONCAT(a ORDER BY a) FROM app.t"))
                    .isEqualTo("1,2,3,4");
        }
    }
}

package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Shell;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster founded anew whose coordinators come back one after the other. */
@Timeout(180)
class AdoptedTailIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void whatOneServerAloneHasIsHistoryThoughItsCoordinatorComesBackLast() throws Exception {
        try (ThreeRegions regions = new ThreeRegions(directory)) {
            Daemon phx1 = regions.start("phx1", "phx1-1");
            Daemon aws1 = regions.start("aws1", "aws1-1");
            Daemon aws2 = regions.start("aws2", "aws2-1");
            regions.awaitOpen("phx1", SOON);
            regions.write("phx1", "CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
            regions.awaitEqual(SOON);
            aws1.close();
            aws2.close();
            regions.write("phx1", "INSERT INTO app.t VALUES (1)");
            phx1.close();
            regions.empty();
            Shell.Outcome adopted = new Shell()
                    .run(
                            "init",
                            "--adopt-epoch",
                            "--master",
                            "aws1",
                            "--no-password",
                            "--config",
                            regions.file().toString());
            assertThat(adopted.code()).as(adopted.out() + adopted.err()).isZero();

            regions.start("aws1", "aws1-2");
            regions.awaitOpen("aws1", SOON);
            assertThat(regions.query("aws1", "SELECT COUNT(*) FROM app.t"))
                    .as("was acknowledged by phx1")
                    .isEqualTo("1");
            regions.write("aws1", "INSERT INTO app.t VALUES (2)");
            regions.start("phx1", "phx1-2");
            regions.start("aws2", "aws2-2");
            regions.awaitEqual(SOON);
            regions.verify();
            assertThat(regions.cluster().verdicts()).as("nothing is stranded").isEmpty();
        }
    }
}

package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Injector;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fault.Witness;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.EarlyCheck;
import io.regent.docker.lab.step.IsolateMaster;
import io.regent.docker.lab.step.Script;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.StartCluster;
import io.regent.docker.lab.step.StartLoad;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drill that passes without the fence proves nothing with it. */
@Tag("drill")
@Timeout(300)
class FenceOffIT {
    private static final Duration PEACE = Duration.ofSeconds(2);

    private final StringWriter out = new StringWriter();

    @TempDir
    private Path directory;

    private Stage stage(FleetKind kind) throws Exception {
        PlaySettings settings = new PlaySettings(7, 8, 40, PEACE, PEACE, directory, Optional.empty());
        Stage stage = new Stage(settings, new Terminal(new PrintWriter(out, true), false));
        new StartCluster(fleet -> kind.start(fleet, Images.BUILT), Drills.FIRST_MASTER, Optional.empty()).run(stage);
        new StartLoad(DrillRun.WORKLOADS).run(stage);
        return stage;
    }

    @Test
    void aMasterThatSleepsAndWakesWithoutAFenceIsSeenToTakeWritesBesideItsSuccessor() throws Exception {
        try (Stage stage = stage(FleetKind.PROCESSES)) {
            int mark = stage.history().size();
            new FenceOff(Drills.FIRST_MASTER).run(stage);
            Lasting asleep = injector(stage).inject(Fault.MYSQLD_PAUSED, Drills.FIRST_MASTER);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Pause.of(stage.history().since(mark), Drills.FIRST_MASTER)
                            .isPresent());
            int awake = stage.history().size();
            asleep.close();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> stage.history().since(awake).stream()
                                    .filter(write -> write.isAcknowledged()
                                            && write.region().equals(Drills.FIRST_MASTER))
                                    .count()
                            > 60);
            new EarlyCheck().run(stage);

            assertThat(stage.findings().faults())
                    .anyMatch(line ->
                            line.startsWith("AtMostOneMaster: phx1, whose client had asked nobody, acknowledged "));

            assertThat(new Script(stage.terminal(), List.of()).conclude(stage, List.of()))
                    .isEqualTo(1);
            assertThat(directory.resolve("zookeeper.txt")).content().contains("/identity/master (version ", "aws1");
            assertThat(directory.resolve("status.json")).content().contains("\"diagnosis\"");
            assertThat(directory.resolve("seed.txt")).hasContent("seed 7");
        }
    }

    @Test
    @Tag("long")
    void aMasterThatIsCutOffWithoutAFenceIsSeenToTakeWritesAfterItsLease() throws Exception {
        try (Stage stage = stage(FleetKind.CONTAINERS)) {
            new FenceOff(Drills.FIRST_MASTER).run(stage);

            assertThatThrownBy(() -> new IsolateMaster(Drills.FIRST_MASTER).run(stage))
                    .isInstanceOf(FleetException.class)
                    .hasMessage("phx1 goes on to take writes, though it cannot renew its lease");

            new EarlyCheck().run(stage);
            assertThat(stage.findings().faults()).anyMatch(line -> line.startsWith("AtMostOneMaster: "));
        }
    }

    private static Injector injector(Stage stage) {
        return new Injector(stage.fleet(), new Witness() {
            @Override
            public void began(Fault fault, String target) {}

            @Override
            public void ended(Fault fault, String target) {}

            @Override
            public void stoodStill(String region, long fromNanos, long untilNanos) {
                stage.findings().suspended(region, fromNanos, untilNanos);
            }
        });
    }
}

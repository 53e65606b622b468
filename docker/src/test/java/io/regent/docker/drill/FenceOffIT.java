package io.regent.docker.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.load.LoadSettings;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.IsolateMaster;
import io.regent.docker.lab.step.Step;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A drill must be able to fail: without the fence, what it proves is not so, and it says that. */
@Tag("drill")
@Timeout(300)
class FenceOffIT {
    private static final String MASTER = "phx1";

    /** What the coordinators logged stays if something is not as it should be. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private String played(Step... steps) throws Exception {
        PlaySettings settings = new PlaySettings(
                7,
                LoadSettings.DEFAULT_CLIENTS,
                LoadSettings.DEFAULT_WRITES_PER_SECOND,
                Duration.ofSeconds(4),
                Files.createDirectories(directory.resolve("drill")),
                Optional.empty());
        Drill drill = new Drill("FenceOff", "The fence is off.", 1, Optional.empty(), true, Map.of(), List.of(steps));
        StringWriter out = new StringWriter();
        int code = new DrillRun(drill, FleetKind.CONTAINERS, Images.BUILT, settings, directory)
                .play(new Terminal(new PrintWriter(out, true), false));
        System.out.println(out);
        assertThat(code).as(out.toString()).isEqualTo(1);
        return out.toString();
    }

    @Test
    void theIsolationOfAMasterWithoutAFenceIsFoundToHaveTwoMasters() throws Exception {
        assertThat(played(new FenceOff(MASTER), new IsolateMaster(MASTER)))
                .contains(MASTER + " goes on to take writes, though it cannot renew its lease")
                .contains("AtMostOneMaster: " + MASTER + " acknowledged");
    }
}

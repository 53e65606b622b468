package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.Daemon;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Waiting;
import java.io.IOException;
import java.time.Duration;

/** The coordinator of a region that is not master is stopped and started, as for another version; nobody notices. */
public final class RestartCoordinator implements Step {
    private static final Duration ANSWERS = Duration.ofSeconds(60);

    private final String region;

    /** That of this region. */
    public RestartCoordinator(String region) {
        this.region = region;
    }

    @Override
    public String title() {
        return "Restarts the coordinator of " + region;
    }

    @Override
    public void run(Stage stage) throws IOException {
        Daemon coordinator = stage.fleet().node(region).coordinator();
        coordinator.stop();
        coordinator.start();
        if (!Waiting.until(ANSWERS, coordinator::answers)) {
            throw coordinator.failed("does not answer " + ANSWERS.toSeconds() + " s after its restart");
        }
        new Recovery().run(stage);
        if (stage.findings().stranded() > 0) {
            throw new FleetException(
                    "something was stranded, though only the coordinator of " + region + " was restarted");
        }
    }
}

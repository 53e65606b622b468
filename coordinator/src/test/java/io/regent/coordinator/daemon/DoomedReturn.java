package io.regent.coordinator.daemon;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import java.nio.file.Path;
import java.util.Map;

/** A coordinator that ends at a step of its region's return: {@code FILE REGION NAME STEP}. */
final class DoomedReturn {
    private DoomedReturn() {}

    public static void main(String[] words) throws Exception {
        ReturnStep step = ReturnStep.valueOf(words[3]);
        ClusterConfig config = ConfigFile.read(Path.of(words[0]), Map.of());
        Daemon daemon = new Daemon(
                config,
                config.region(words[1]).orElseThrow(),
                words[2],
                "doomed",
                hands -> step.hands(hands, System.out::println));
        daemon.start();
        daemon.awaitEnd();
    }
}

package io.regent.docker.lab.step;

import com.fasterxml.jackson.databind.JsonNode;
import io.regent.docker.lab.fleet.FleetException;
import java.io.IOException;
import java.time.Duration;

/** The names that {@code dbctl status} has for what is wrong. */
final class Diagnosis {
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private Diagnosis() {}

    /** Waits until it says this name. */
    static void awaitNamed(Stage stage, String failure) throws IOException {
        await(stage, failure, true);
    }

    /** Waits until it does not say it any more. */
    static void awaitGone(Stage stage, String failure) throws IOException {
        await(stage, failure, false);
    }

    /** Whether it says this name now. */
    static boolean isNamed(Stage stage, String failure) throws IOException {
        return has(names(stage), failure);
    }

    private static void await(Stage stage, String failure, boolean named) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        JsonNode names = names(stage);
        while (has(names, failure) != named) {
            if (System.nanoTime() > deadline) {
                throw new FleetException((named ? "status does not say " : "status still says ") + failure + " after "
                        + LIMIT.toSeconds() + " s, but " + names);
            }
            names = names(stage);
        }
    }

    private static boolean has(JsonNode names, String failure) {
        for (JsonNode finding : names) {
            if (finding.path("failure").asText().equals(failure)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode names(Stage stage) throws IOException {
        return stage.quietly("status", "--json").answered().json().path("diagnosis");
    }
}

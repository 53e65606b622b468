package io.regent.docker.lab.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The coordinator of a region. */
public interface Daemon extends Member {
    /** The exit code of one that cannot tell whether its server is dead, and leaves it to close by itself. */
    long HALTED = 70;

    /** How long its status is waited for. */
    Duration ANSWER = Duration.ofSeconds(1);

    /**
     * From its next start on it is of this version.
     *
     * @throws FleetException if it cannot be another than it is
     */
    default void use(Build build) {
        throw new FleetException("the " + name() + " is what its image is; use processes");
    }

    /** Where it answers this JVM and the application. */
    ServerAddress http();

    /** The file that has what it printed; a container's is written when its fleet ends. */
    Path log();

    /** Whether it is gone though nobody ended it. */
    boolean hasFailed();

    /** What it ended with, if it has ended. */
    OptionalLong exitCode();

    /** That it ended or does not answer, with the end of what it printed. */
    FleetException failed(String what);

    /** What it says of itself; nothing if it does not answer. */
    default JsonNode status() {
        ObjectMapper json = new ObjectMapper();
        try {
            URLConnection connection =
                    URI.create("http://" + http() + "/status").toURL().openConnection();
            connection.setConnectTimeout((int) ANSWER.toMillis());
            connection.setReadTimeout((int) ANSWER.toMillis());
            try (InputStream answer = connection.getInputStream()) {
                return json.readTree(answer);
            }
        } catch (IOException e) {
            return json.missingNode();
        }
    }

    /** What its wall clock says, to the second; nothing if it does not answer. */
    default Optional<Instant> time() {
        try {
            URLConnection connection =
                    URI.create("http://" + http() + "/status").toURL().openConnection();
            connection.setConnectTimeout((int) ANSWER.toMillis());
            connection.setReadTimeout((int) ANSWER.toMillis());
            long date = connection.getDate();
            return date == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(date));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it answers. */
    default boolean answers() {
        return status().isObject();
    }

    /** Whether it says that it is the cluster's controller. */
    default boolean isController() {
        return status().path("controller").asBoolean();
    }
}

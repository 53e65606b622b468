package io.regent.docker.demo;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.docker.lab.load.LoadSettings;
import io.regent.docker.lab.play.PlayDirectory;
import io.regent.docker.lab.play.PlaySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands that run a cluster of their own let the user choose. */
public final class LoadOptions {
    private static final Duration USUAL = Duration.ofSeconds(15);

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of all that the clients choose; by default another each time.")
    private @Nullable Long seed;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "" + LoadSettings.DEFAULT_CLIENTS,
            description = "How many write at a time, by default ${DEFAULT-VALUE}.")
    private int clients = LoadSettings.DEFAULT_CLIENTS;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "" + LoadSettings.DEFAULT_WRITES_PER_SECOND,
            description = "How many writes a second they make together, by default ${DEFAULT-VALUE}.")
    private int rate = LoadSettings.DEFAULT_WRITES_PER_SECOND;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "How long they write, but for what is done to the cluster; by default 15, in random-hour 3600.")
    private @Nullable Integer seconds;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where everything is; by default in the build directory.")
    private @Nullable Path directory;

    /** Refuses what cannot be. */
    public void check(Cli cli, @Nullable Path json) throws CliException {
        if (json != null && !cli.json()) {
            throw new CliException("'" + json + "' is a file only behind --json");
        }
        if (json != null
                && !Files.isWritable(
                        Objects.requireNonNullElse(json.toAbsolutePath().getParent(), json))) {
            throw new CliException(
                    "--json: " + json + " cannot be written: its directory is not there or is read-only");
        }
        if (clients < 1 || clients > LoadSettings.MOST_CLIENTS) {
            throw new CliException("--clients: 1 to " + LoadSettings.MOST_CLIENTS + ", not " + clients);
        }
        if (rate < 1 || rate > LoadSettings.MOST_WRITES_PER_SECOND) {
            throw new CliException("--rate: 1 to " + LoadSettings.MOST_WRITES_PER_SECOND + ", not " + rate);
        }
        if (seconds != null && seconds < 1) {
            throw new CliException("--seconds: at least 1, not " + seconds);
        }
    }

    /** Where everything is. */
    public Path place(String name) {
        return (directory == null ? PlayDirectory.usual(name) : directory)
                .toAbsolutePath()
                .normalize();
    }

    /** What the user chose, with a seed in any case. */
    public PlaySettings settings(Path place, @Nullable Path json) {
        return settings(place, USUAL, json);
    }

    /** The same with another usual time of load. */
    public PlaySettings settings(Path place, Duration usual, @Nullable Path json) {
        long chosen = seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed;
        return new PlaySettings(
                chosen,
                clients,
                rate,
                seconds == null ? usual : Duration.ofSeconds(seconds),
                place,
                Optional.ofNullable(json).map(Path::toAbsolutePath));
    }
}

package io.regent.docker.junit;

import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.load.LoadSettings;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.Findings;
import io.regent.docker.lab.step.Stage;
import io.regent.docker.lab.step.StartCluster;
import io.regent.docker.lab.step.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A cluster that runs and takes writes, in the hands of a test. */
public final class Arena implements AutoCloseable {
    private static final Duration PEACE = Duration.ofSeconds(9);
    private static final String FIRST = "phx1";

    private final Stage stage;
    private volatile boolean wanted;

    private Arena(Stage stage) {
        this.stage = stage;
    }

    static Arena start(Fleet fleet, String name) throws IOException {
        Path directory = Files.createTempDirectory("regent-" + name + "-");
        PlaySettings settings = new PlaySettings(
                System.nanoTime(),
                LoadSettings.DEFAULT_CLIENTS,
                LoadSettings.DEFAULT_WRITES_PER_SECOND,
                PEACE,
                directory,
                Optional.empty());
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Stage stage = new Stage(settings, new Terminal(out, false));
        Images images = fleet.mysql().isEmpty() ? Images.BUILT : Images.BUILT.withMysql(fleet.mysql());
        try {
            new StartCluster(
                            usual -> fleet.kind().start(usual.ofRegions(fleet.regions()), images),
                            FIRST,
                            Optional.empty())
                    .run(stage);
            return new Arena(stage);
        } catch (IOException | RuntimeException e) {
            stage.terminal().say("logs are in " + directory);
            stage.close();
            throw e;
        }
    }

    /** The cluster: its members, its network, its accounts and addresses, and dbctl. */
    public io.regent.docker.lab.fleet.Fleet fleet() {
        return stage.fleet();
    }

    /** What the clients of {@code StartLoad} were told, if that was played. */
    public History history() {
        return stage.history();
    }

    /** What the steps found so far. */
    public Findings findings() {
        return stage.findings();
    }

    /**
     * Plays steps of a drill, one after the other.
     *
     * @throws FleetException if something does not come about in time
     */
    public void play(Step... steps) throws IOException, SQLException {
        for (Step step : steps) {
            step.run(stage);
        }
    }

    /** A test failed: what its directory holds will be wanted. */
    void failed() {
        wanted = true;
    }

    /** Ends it all. The directory with its logs and its history is deleted, unless a test failed or a step found a fault. */
    @Override
    public void close() throws IOException {
        stage.close();
        if (wanted || !stage.findings().faults().isEmpty()) {
            stage.terminal().say("logs and history are in " + stage.settings().directory());
        } else {
            delete();
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> all = Files.walk(stage.settings().directory())) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}

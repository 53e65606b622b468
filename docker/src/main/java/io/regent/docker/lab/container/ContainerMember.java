package io.regent.docker.lab.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** A process that is its container's first, so that whatever happens to one happens to the other. */
class ContainerMember implements Member {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration GONE = Duration.ofSeconds(10);
    private static final Duration FROZEN = Duration.ofSeconds(20);
    private static final int STOP_SECONDS = 20;
    private static final int TAIL_LINES = 15;

    private final DockerClient client = DockerClientFactory.lazyClient();
    private final String name;
    private final GenericContainer<?> container;
    private final BooleanSupplier ready;
    private final Path log;
    private volatile boolean created;
    private volatile boolean wanted;

    /**
     * Not started yet.
     *
     * @param ready whether it serves what others wait for
     * @param log where what it printed goes when its fleet ends
     */
    ContainerMember(String name, GenericContainer<?> container, BooleanSupplier ready, Path log) {
        this.name = name;
        this.container = container;
        this.ready = ready;
        this.log = log;
    }

    @Override
    public String name() {
        return name;
    }

    /** Where what it printed goes when its fleet ends. */
    public Path log() {
        return log;
    }

    @Override
    public void start() {
        launch();
        boolean serves = Waiting.until(START, () -> !isAlive() || ready.getAsBoolean());
        if (!serves || !isAlive()) {
            throw failed("does not answer after " + START.toSeconds() + " s");
        }
    }

    private synchronized void launch() {
        if (created) {
            client.startContainerCmd(container.getContainerId()).exec();
        } else {
            container.start();
            created = true;
        }
        wanted = true;
    }

    private ContainerState state() {
        return client.inspectContainerCmd(container.getContainerId()).exec().getState();
    }

    @Override
    public boolean isAlive() {
        return created && Boolean.TRUE.equals(state().getRunning());
    }

    /** Whether it is gone though nobody ended it. */
    public boolean hasFailed() {
        return wanted && !isAlive();
    }

    /** What it ended with, if it has ended. */
    public OptionalLong exitCode() {
        if (!created || isAlive()) {
            return OptionalLong.empty();
        }
        Long code = state().getExitCodeLong();
        return code == null ? OptionalLong.empty() : OptionalLong.of(code);
    }

    @Override
    public void stop() {
        wanted = false;
        if (isAlive()) {
            client.stopContainerCmd(container.getContainerId())
                    .withTimeout(STOP_SECONDS)
                    .exec();
        }
    }

    @Override
    public void kill() {
        wanted = false;
        if (!isAlive()) {
            return;
        }
        client.killContainerCmd(container.getContainerId()).exec();
        if (!Waiting.until(GONE, () -> !isAlive())) {
            throw new FleetException(name + " survives SIGKILL");
        }
    }

    @Override
    public void suspend() {
        if (!Waiting.until(FROZEN, this::isFrozen)) {
            throw new FleetException(
                    name + " cannot be suspended: the kernel does not freeze it in " + FROZEN.toSeconds() + " s");
        }
    }

    /** On a busy machine the kernel may find a process that cannot be stopped right then; all of them go on then. */
    private boolean isFrozen() {
        try {
            client.pauseContainerCmd(container.getContainerId()).exec();
            return true;
        } catch (InternalServerErrorException e) {
            if (String.valueOf(e.getMessage()).contains("unable to freeze")) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void resume() {
        client.unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** That it ended or does not answer, with the end of what it printed. */
    public FleetException failed(String what) {
        String how = created && !isAlive() ? "ended with exit code " + state().getExitCodeLong() : what;
        List<String> lines = created ? container.getLogs().lines().toList() : List.of();
        return new FleetException(name + " " + how + "; it printed last\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())));
    }

    /** Writes what it printed so far to its file. */
    void saveLog() {
        if (!created) {
            return;
        }
        try {
            Files.writeString(log, container.getLogs(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new FleetException("cannot write " + log + ": " + e.getMessage(), e);
        }
    }
}

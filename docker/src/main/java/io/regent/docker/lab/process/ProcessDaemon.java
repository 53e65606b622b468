package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.Build;
import io.regent.docker.lab.fleet.Daemon;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.JavaProcess;
import io.regent.docker.lab.fleet.JavaProcess.Program;
import io.regent.sql.local.Ports;
import io.regent.sql.session.ServerAddress;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A coordinator in a JVM of its own on this machine, the daemon that production runs. */
public final class ProcessDaemon implements Daemon {
    /** Names a directory with classes that coordinators load before the product's: how a test breaks one of them. */
    public static final String PATCH = "regent.lab.patch";

    private static final int MEGABYTES = 256;
    private static final Duration STOP = Duration.ofSeconds(15);

    private final String region;
    private final ServerAddress http;
    private final Path folder;
    private final Map<String, String> environment;
    private final Runnable changed;
    private volatile @Nullable JavaProcess process;
    private volatile boolean wanted;
    private Build build = Build.own();

    /**
     * Not started yet.
     *
     * @param environment what its environment has beside this JVM's
     */
    ProcessDaemon(String region, int port, Path folder, Map<String, String> environment, Runnable changed) {
        this.region = region;
        this.http = new ServerAddress("127.0.0.1", port);
        this.folder = folder;
        this.environment = Map.copyOf(environment);
        this.changed = changed;
    }

    @Override
    public String name() {
        return "coordinator of " + region;
    }

    /** Its file. */
    Path configFile() {
        return folder.resolve(region + ".yaml");
    }

    @Override
    public Path log() {
        return folder.resolve(region + "-coordinator.log");
    }

    @Override
    public ServerAddress http() {
        return http;
    }

    @Override
    public void use(Build other) {
        build = other;
    }

    @Override
    public void start() {
        if (!Ports.isFree(http.port())) {
            throw new FleetException("port " + http.port() + " is taken: the " + name() + " cannot use it");
        }
        List<String> words = List.of(
                "io.regent.coordinator.cli.Main",
                "coordinator",
                "--config",
                configFile().toString());
        process = JavaProcess.start(new Program(name(), MEGABYTES, classPath(), words, environment), log());
        wanted = true;
        changed.run();
    }

    private String classPath() {
        String patch = System.getProperty(PATCH, "");
        return (patch.isEmpty() ? "" : patch + File.pathSeparator) + build.classPath();
    }

    /** Its process, if it was started; it may have ended meanwhile. */
    Optional<JavaProcess> process() {
        return Optional.ofNullable(process);
    }

    @Override
    public boolean isAlive() {
        return process().filter(JavaProcess::isAlive).isPresent();
    }

    @Override
    public boolean hasFailed() {
        return wanted && !isAlive();
    }

    @Override
    public OptionalLong exitCode() {
        return process().map(JavaProcess::exitCode).orElseGet(OptionalLong::empty);
    }

    @Override
    public FleetException failed(String what) {
        return process()
                .map(one -> one.failed(what))
                .orElseGet(() -> new FleetException(name() + " was never started"));
    }

    @Override
    public void stop() {
        wanted = false;
        process().ifPresent(one -> one.stop(STOP));
    }

    @Override
    public void kill() {
        wanted = false;
        process().ifPresent(JavaProcess::kill);
    }

    @Override
    public void suspend() {
        running().signal("STOP");
    }

    @Override
    public void resume() {
        running().signal("CONT");
    }

    private JavaProcess running() {
        return process().filter(JavaProcess::isAlive).orElseThrow(() -> new FleetException(name() + " does not run"));
    }
}

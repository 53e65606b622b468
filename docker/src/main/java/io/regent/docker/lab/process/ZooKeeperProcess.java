package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.FourLetters;
import io.regent.docker.lab.fleet.JavaProcess;
import io.regent.docker.lab.fleet.JavaProcess.Program;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.sql.local.Ports;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One ZooKeeper server in a process of its own, on the loopback interface. Its data outlives it. */
public final class ZooKeeperProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final int TICK_MILLIS = 500;
    private static final int MEGABYTES = 128;

    private final ServerAddress address;
    private final JavaProcess process;

    private ZooKeeperProcess(ServerAddress address, JavaProcess process) {
        this.address = address;
        this.process = process;
    }

    /**
     * Starts it; it answers once {@link #awaitReady} returns.
     *
     * @param folder where its data and its log are or will be
     * @param port where it listens
     */
    public static ZooKeeperProcess start(Path folder, int port) {
        if (!Ports.isFree(port)) {
            throw new FleetException("port " + port + " is taken: ZooKeeper cannot start on it");
        }
        try {
            Files.createDirectories(folder.resolve("data"));
            Path configuration = folder.resolve("zoo.cfg");
            Files.writeString(configuration, configuration(folder, port));
            List<String> words = List.of(
                    "-Dzookeeper.jmx.log4j.disable=true",
                    "org.apache.zookeeper.server.ZooKeeperServerMain",
                    configuration.toString());
            Program program = new Program("ZooKeeper", MEGABYTES, JavaProcess.classPath(), words);
            return new ZooKeeperProcess(
                    new ServerAddress("127.0.0.1", port), JavaProcess.start(program, folder.resolve("zookeeper.log")));
        } catch (IOException e) {
            throw new FleetException("cannot prepare " + folder + " for ZooKeeper", e);
        }
    }

    private static String configuration(Path folder, int port) {
        return """
                tickTime=%d
                dataDir=%s
                clientPortAddress=127.0.0.1
                clientPort=%d
                admin.enableServer=false
                maxClientCnxns=0
                """.formatted(TICK_MILLIS, folder.resolve("data").toString().replace("\\", "\\\\"), port);
    }

    /** Waits until it serves. */
    public void awaitReady() {
        if (!Waiting.until(START, () -> !process.isAlive() || FourLetters.serves(address)) || !process.isAlive()) {
            throw process.failed("does not answer after " + START.toSeconds() + " s");
        }
    }

    /** Where it listens. */
    public ServerAddress address() {
        return address;
    }

    /** The process. */
    public JavaProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}

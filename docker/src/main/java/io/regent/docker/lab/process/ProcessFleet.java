package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.Application;
import io.regent.docker.lab.fleet.AtOnce;
import io.regent.docker.lab.fleet.ClusterFile;
import io.regent.docker.lab.fleet.Extra;
import io.regent.docker.lab.fleet.Extras;
import io.regent.docker.lab.fleet.FakeTime;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.MyCnf;
import io.regent.docker.lab.fleet.RegionExtras;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.local.MysqlDistribution;
import io.regent.sql.local.Ports;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A whole cluster as processes of this machine: a server, a coordinator and the network between them for each region,
 * and one ZooKeeper. Whatever it started ends with this JVM.
 */
public final class ProcessFleet implements Fleet {
    /** How long a byte is under way between regions that are far from each other. */
    static final Duration FAR = Duration.ofMillis(70);

    private static final long NEEDED_BYTES = 1_500L << 20;

    private final FleetSettings settings;
    private final ZooKeeperProcess zookeeper;
    // Copied on write: the hook may look while the fleet still starts.
    private final List<ProcessNode> nodes = new CopyOnWriteArrayList<>();
    private final Extras extras = new Extras();
    private final Thread hook = new Thread(this::end, "end-fleet");

    private ProcessFleet(FleetSettings settings, ZooKeeperProcess zookeeper) {
        this.settings = settings;
        this.zookeeper = zookeeper;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts ZooKeeper and the servers, makes the application's account and writes the files; no coordinator yet.
     *
     * @throws FleetException if something cannot be started
     */
    public static ProcessFleet start(FleetSettings settings) {
        checkDisk(settings.directory());
        if (settings.has(Extra.CLOCKS)) {
            FakeTime.demand();
        }
        MysqlDistribution distribution = MysqlDistribution.locate();
        ZooKeeperProcess zookeeper = ZooKeeperProcess.start(settings.directory().resolve("zookeeper"), Ports.free());
        ProcessFleet fleet = new ProcessFleet(settings, zookeeper);
        try {
            fleet.startServers(distribution);
            zookeeper.awaitReady();
            for (ProcessNode node : fleet.nodes) {
                Application.create(node.mysql(), settings);
            }
            fleet.writeFiles();
            fleet.writeRecord();
            return fleet;
        } catch (IOException | SQLException e) {
            fleet.close();
            throw new FleetException("cannot prepare the cluster: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    private static void checkDisk(Path directory) {
        try {
            Files.createDirectories(directory);
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < NEEDED_BYTES) {
                throw new FleetException("no room: three servers need " + (NEEDED_BYTES >> 20) + " MiB, and "
                        + directory + " has " + (free >> 20) + " MiB left; name a larger place with --dir");
            }
        } catch (IOException e) {
            throw new FleetException("cannot write to " + directory + ": " + e + "; name another place with --dir", e);
        }
    }

    private void startServers(MysqlDistribution distribution) throws IOException {
        // Mounted where the server has its folder.
        extras.make(settings, "");
        Map<String, CompletableFuture<LocalMysql>> starting = new LinkedHashMap<>();
        for (String region : settings.regions()) {
            starting.put(
                    region,
                    CompletableFuture.supplyAsync(() -> LocalMysql.builder(region, settings.directory())
                            .environment(extras.of(region).environment())
                            .lines(ownLines())
                            .start(distribution)));
        }
        // Whichever fails, the others are waited for, so that they are ended with the rest.
        List<RuntimeException> failures = new ArrayList<>();
        for (Map.Entry<String, CompletableFuture<LocalMysql>> one : starting.entrySet()) {
            try {
                nodes.add(node(one.getKey(), one.getValue().join()));
            } catch (CompletionException e) {
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                failures.add(new FleetException(String.valueOf(cause.getMessage()), e));
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private List<String> ownLines() {
        return settings.outfit().myCnf().map(MyCnf::lines).orElse(List.of());
    }

    private ProcessNode node(String region, LocalMysql server) throws IOException {
        RegionExtras own = extras.of(region);
        ProcessDaemon coordinator =
                new ProcessDaemon(region, Ports.free(), settings.directory(), own.environment(), this::changed);
        coordinator.use(settings.founders());
        return new ProcessNode(
                region,
                new ProcessServer(server, this::changed),
                coordinator,
                Proxy.to(server.address(), settings.has(Extra.DISTANCE) ? FAR : Duration.ZERO),
                settings.has(Extra.DISTANCE) ? Optional.of(Proxy.to(zookeeper.address(), FAR)) : Optional.empty(),
                own);
    }

    /** In a coordinator's file the servers of the other regions have the addresses of the ways to them. */
    private void writeFiles() throws IOException {
        Files.writeString(
                settings.configFile(),
                file(Optional.empty(), zookeeper.address()).text());
        for (ProcessNode node : nodes) {
            ClusterFile own = file(
                            Optional.of(node.name()), node.wayToZookeeper().orElseGet(zookeeper::address))
                    .region(node.name());
            Files.writeString(node.coordinator().configFile(), own.text());
        }
    }

    private ClusterFile file(Optional<String> reader, ServerAddress ensemble) {
        ClusterFile file = new ClusterFile(settings, List.of(ensemble));
        for (ProcessNode node : nodes) {
            boolean direct = reader.isEmpty() || reader.get().equals(node.name());
            ServerAddress mysql = direct ? node.mysql().address() : node.links().address();
            file.reach(node.name(), mysql, node.coordinator().http());
        }
        return file;
    }

    private void changed() {
        try {
            writeRecord();
        } catch (IOException e) {
            throw new FleetException("cannot write down what runs: " + e.getMessage(), e);
        }
    }

    /** Writes down what runs now. */
    public void writeRecord() throws IOException {
        record().write(settings.directory());
    }

    /** What runs now, and how to talk to it. */
    public FleetRecord record() {
        return FleetRecord.of(settings, zookeeper, nodes);
    }

    @Override
    public FleetSettings settings() {
        return settings;
    }

    @Override
    public ProcessNode node(String region) {
        return nodes.stream()
                .filter(node -> node.name().equals(region))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no region " + region));
    }

    @Override
    public List<ProcessNode> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public List<ServerAddress> zookeepers() {
        return List.of(zookeeper.address());
    }

    @Override
    public boolean readsDisks() {
        return true;
    }

    @Override
    public void stop() {
        try {
            AtOnce.each(nodes, node -> node.coordinator().stop());
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down, and the hook does the same.
            return;
        }
    }

    private void end() {
        nodes.forEach(ProcessNode::close);
        zookeeper.close();
        extras.close();
    }
}

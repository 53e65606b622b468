package io.regent.docker.lab.fleet;

import io.regent.docker.lab.fleet.FleetRecord.AccountRecord;
import io.regent.docker.lab.fleet.FleetRecord.ProcessRecord;
import io.regent.docker.lab.fleet.FleetRecord.RegionRecord;
import io.regent.sql.init.AccountRole;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.local.MysqlDistribution;
import io.regent.sql.local.Ports;
import io.regent.sql.session.Account;
import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A whole cluster as processes of this machine: a server, a coordinator and the network between them for each region,
 * and one ZooKeeper. Whatever it started ends with this JVM.
 */
public final class Fleet implements AutoCloseable {
    private static final Duration HEAD_START = Duration.ofSeconds(2);
    private static final long NEEDED_BYTES = 1_500L << 20;

    private final FleetSettings settings;
    private final ZooKeeperProcess zookeeper;
    // Copied on write: the hook may look while the fleet still starts.
    private final List<Node> nodes = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::end, "end-fleet");

    private Fleet(FleetSettings settings, ZooKeeperProcess zookeeper) {
        this.settings = settings;
        this.zookeeper = zookeeper;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts ZooKeeper and the servers, makes the application's account and writes the files; no coordinator yet.
     *
     * @throws FleetException if something cannot be started
     */
    public static Fleet start(FleetSettings settings) {
        checkDisk(settings.directory());
        MysqlDistribution distribution = MysqlDistribution.locate();
        ZooKeeperProcess zookeeper = ZooKeeperProcess.start(settings.directory().resolve("zookeeper"), Ports.free());
        Fleet fleet = new Fleet(settings, zookeeper);
        try {
            fleet.startServers(distribution);
            zookeeper.awaitReady();
            for (Node node : fleet.nodes) {
                fleet.createApplication(node);
            }
            new ClusterFiles(settings, zookeeper.address(), fleet.nodes).write();
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
        Map<String, CompletableFuture<LocalMysql>> starting = new LinkedHashMap<>();
        for (String region : settings.regions()) {
            starting.put(
                    region,
                    CompletableFuture.supplyAsync(() ->
                            LocalMysql.builder(region, settings.directory()).start(distribution)));
        }
        // Whichever fails, the others are waited for, so that they are ended with the rest.
        List<RuntimeException> failures = new ArrayList<>();
        for (Map.Entry<String, CompletableFuture<LocalMysql>> one : starting.entrySet()) {
            try {
                LocalMysql server = one.getValue().join();
                Proxy links = Proxy.to(server.address());
                nodes.add(new Node(one.getKey(), server, links, Ports.free(), settings.directory()));
            } catch (CompletionException e) {
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                failures.add(new FleetException(String.valueOf(cause.getMessage()), e));
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    /** Accounts are each region's own: nothing of this is replicated. */
    private void createApplication(Node node) throws SQLException {
        Account application = settings.application();
        String account = Quoting.account(application.user(), "%");
        try (Connection admin = node.mysql().sessions().open();
                Statement statement = admin.createStatement()) {
            statement.execute("SET sql_log_bin=0");
            statement.execute("CREATE USER " + account + " IDENTIFIED BY " + Quoting.escaped(application.password()));
            statement.execute("GRANT ALL ON " + Quoting.identifier(settings.cluster()) + ".* TO " + account);
        }
    }

    /** Starts every coordinator; who comes first in the election of the controller is left to chance. */
    public void startCoordinators() throws IOException {
        nodes.forEach(Node::startCoordinator);
        writeRecord();
    }

    /**
     * Starts every coordinator, this region's a little before the others, so that it most likely becomes the controller;
     * not so long before that the first master would be taken for silent.
     */
    public void startCoordinators(String early) throws IOException {
        Node first = node(early);
        first.startCoordinator();
        Waiting.until(HEAD_START, first::answers);
        nodes.stream().filter(node -> node != first).forEach(Node::startCoordinator);
        writeRecord();
    }

    /** Writes down what runs now. */
    public void writeRecord() throws IOException {
        record().write(settings.directory());
    }

    /** What runs now, and how to talk to it. */
    public FleetRecord record() {
        List<ProcessRecord> processes = new ArrayList<>();
        processes.add(ProcessRecord.of("zookeeper", zookeeper.process().handle()));
        Map<String, RegionRecord> regions = new LinkedHashMap<>();
        for (Node node : nodes) {
            if (node.mysql().isAlive()) {
                ProcessHandle.of(node.mysql().pid())
                        .ifPresent(handle -> processes.add(ProcessRecord.of("mysqld " + node.name(), handle)));
            }
            node.coordinator()
                    .filter(JavaProcess::isAlive)
                    .ifPresent(one -> processes.add(ProcessRecord.of(one.name(), one.handle())));
            regions.put(
                    node.name(),
                    new RegionRecord(
                            node.mysql().address().toString(), node.http().toString()));
        }
        Map<String, AccountRecord> accounts = new LinkedHashMap<>();
        Account application = settings.application();
        accounts.put("application", new AccountRecord(application.user(), application.password()));
        accounts.put("administrator", new AccountRecord("root", ""));
        return new FleetRecord(
                ProcessRecord.of("keeper", ProcessHandle.current()),
                processes,
                settings.cluster(),
                settings.configFile().toString(),
                zookeeper.address().toString(),
                regions,
                accounts);
    }

    /** The settings. */
    public FleetSettings settings() {
        return settings;
    }

    /** One region. */
    public Node node(String region) {
        return nodes.stream()
                .filter(node -> node.name().equals(region))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no region " + region));
    }

    /** All regions in their order. */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** The product's command line for this cluster. */
    public Dbctl dbctl() {
        return new Dbctl(settings.configFile());
    }

    /** Where the coordinators answer. */
    public List<ServerAddress> coordinators() {
        return nodes.stream().map(Node::http).toList();
    }

    /** Sessions of the OBSERVE account in each region. */
    public Map<String, Sessions> observers() {
        Map<String, Sessions> all = new LinkedHashMap<>();
        Account observe = settings.account(AccountRole.OBSERVE);
        nodes.forEach(node -> all.put(node.name(), Sessions.to(node.mysql().address(), observe)));
        return all;
    }

    /** Stops the coordinators as a service manager does, then ends all the rest. */
    public void stop() {
        nodes.parallelStream().forEach(Node::stopCoordinator);
        close();
    }

    /** Ends everything at once. */
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
        nodes.forEach(Node::close);
        zookeeper.close();
    }
}

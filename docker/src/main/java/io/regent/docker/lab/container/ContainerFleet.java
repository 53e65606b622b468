package io.regent.docker.lab.container;

import com.github.dockerjava.api.DockerClient;
import io.regent.docker.lab.fleet.Application;
import io.regent.docker.lab.fleet.AtOnce;
import io.regent.docker.lab.fleet.ClusterFile;
import io.regent.docker.lab.fleet.Extras;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.MyCnf;
import io.regent.docker.lab.fleet.Network;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/**
 * A whole cluster as containers of the engine that Testcontainers finds. Applications and operators reach it through
 * ports of the loopback interface, which stay whatever is killed or cut.
 */
public final class ContainerFleet implements Fleet {
    private static final String FILE = "regent.yaml";
    private static final String TAKEN = "already allocated";

    private final FleetSettings settings;
    private final Images images;
    private final Reaper reaper;
    private final List<Pod> pods = new ArrayList<>();
    private final List<ContainerNode> nodes = new ArrayList<>();
    private final Extras extras = new Extras();
    private final Thread hook;
    private Optional<ContainerNetwork> network = Optional.empty();

    private ContainerFleet(FleetSettings settings, Images images, Reaper reaper) {
        this.settings = settings;
        this.images = images;
        this.reaper = reaper;
        // The shell goes on watching: another thread may still be making containers.
        this.hook = new Thread(reaper::sweep, "end-fleet");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts the servers and the ZooKeeper ensemble, makes the application's account and writes the files; no coordinator
     * yet.
     *
     * @throws FleetException if there is no engine, an image is not there, or something cannot be started
     */
    public static ContainerFleet start(FleetSettings settings, Images images) {
        ContainerFleet fleet = new ContainerFleet(settings, images, Reaper.start(engine()));
        try {
            fleet.startMembers();
            return fleet;
        } catch (IOException | SQLException e) {
            FleetException failure = new FleetException("cannot prepare the cluster: " + e.getMessage(), e);
            fleet.closeAfter(failure);
            throw failure;
        } catch (RuntimeException e) {
            fleet.closeAfter(e);
            throw e;
        }
    }

    /** What fails now must not hide why. */
    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static DockerClient engine() {
        try {
            return DockerClientFactory.instance().client();
        } catch (IllegalStateException e) {
            throw new FleetException(
                    "no container engine answers: docker/images/prepare sets one up as root and makes the images", e);
        }
    }

    private void startMembers() throws IOException, SQLException {
        pods.addAll(startPods());
        ContainerNetwork between = new ContainerNetwork(pods);
        network = Optional.of(between);
        writeFiles();
        extras.make(settings, "-disk");
        ContainerMaker maker = new ContainerMaker(reaper.labels(), extras, ownSettings());
        for (int i = 0; i < pods.size(); i++) {
            nodes.add(node(i, maker, between));
        }
        List<Member> first = nodes.stream()
                .<Member>flatMap(
                        node -> Stream.of(node.mysql(), node.zookeeper().orElseThrow()))
                .toList();
        AtOnce.each(first, Member::start);
        for (ContainerNode node : nodes) {
            Application.create(node.mysql(), settings);
        }
    }

    private Optional<ContainerMaker.Servers> ownSettings() throws IOException {
        Optional<MyCnf> myCnf = settings.outfit().myCnf();
        if (myCnf.isEmpty()) {
            return Optional.empty();
        }
        Path written = settings.directory().resolve("own.cnf");
        myCnf.get().write(written);
        return Optional.of(new ContainerMaker.Servers(myCnf.get(), written));
    }

    private List<Pod> startPods() {
        org.testcontainers.containers.Network bridge = org.testcontainers.containers.Network.builder()
                .createNetworkCmdModifier(create -> create.withLabels(reaper.labels()))
                .build();
        bridge.getId();
        try {
            return started(bridge);
        } catch (RuntimeException e) {
            if (!saysTaken(e)) {
                throw e;
            }
            // Somebody took a port after it was drawn: once more with others.
            return started(bridge);
        }
    }

    private static boolean saysTaken(Throwable thrown) {
        for (Throwable one = thrown; one != null; one = one.getCause()) {
            if (String.valueOf(one.getMessage()).contains(TAKEN)) {
                return true;
            }
        }
        return false;
    }

    private List<Pod> started(org.testcontainers.containers.Network bridge) {
        List<Pod> all = Pod.of(settings.regions(), images.network(), bridge, reaper.labels());
        try {
            AtOnce.each(all, Pod::start);
            return all;
        } catch (RuntimeException e) {
            all.forEach(Pod::remove);
            throw e;
        }
    }

    private ContainerNode node(int index, ContainerMaker maker, ContainerNetwork between) {
        Pod pod = pods.get(index);
        Path directory = settings.directory();
        return new ContainerNode(
                pod.region(),
                new ContainerServer(pod, images.mysqlIn(pod.region()), index + 1, maker, log(pod, "mysqld")),
                new ContainerDaemon(
                        pod, images.coordinator(), maker, directory.resolve(pod.region()), log(pod, "coordinator")),
                new ContainerZooKeeper(pods, index, images.zookeeper(), maker, log(pod, "zookeeper")),
                between.links(pod),
                maker.of(pod));
    }

    @Override
    public List<ServerAddress> zookeepers() {
        return pods.stream().map(pod -> pod.outside(Pod.ZOOKEEPER)).toList();
    }

    private Path log(Pod pod, String what) {
        return settings.directory().resolve(pod.region() + "-" + what + ".log");
    }

    private void writeFiles() throws IOException {
        Files.createDirectories(settings.directory());
        ClusterFile operator = new ClusterFile(settings, zookeepers());
        pods.forEach(pod -> operator.reach(pod.region(), pod.outside(Pod.MYSQL), pod.outside(Pod.HTTP)));
        Files.writeString(settings.configFile(), operator.text());
        for (Pod own : pods) {
            ClusterFile file = new ClusterFile(
                            settings,
                            pods.stream().map(pod -> pod.inside(Pod.ZOOKEEPER)).toList())
                    .region(own.region())
                    .state("/var/lib/regent");
            pods.forEach(pod -> file.reach(pod.region(), pod.inside(Pod.MYSQL), pod.inside(Pod.HTTP)));
            Path folder = Files.createDirectories(settings.directory().resolve(own.region()));
            Files.writeString(folder.resolve(FILE), file.text());
        }
    }

    /** What everything of it carries. */
    Map<String, String> labels() {
        return reaper.labels();
    }

    /** The network of a region. */
    Pod pod(String region) {
        return pods.get(settings.regions().indexOf(region));
    }

    @Override
    public FleetSettings settings() {
        return settings;
    }

    @Override
    public List<ContainerNode> nodes() {
        return List.copyOf(nodes);
    }

    @Override
    public Optional<Network> network() {
        return network.map(Network.class::cast);
    }

    @Override
    public void stop() {
        try {
            AtOnce.each(nodes, node -> node.coordinator().stop());
        } finally {
            close();
        }
    }

    /** Each that can be written is. */
    private void saveLogs() {
        List<RuntimeException> failures = new ArrayList<>();
        for (ContainerNode node : nodes) {
            for (ContainerMember member : node.members()) {
                try {
                    member.saveLog();
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private void closeMembers() {
        try {
            reaper.close();
        } finally {
            extras.close();
        }
    }

    /** Writes what every member printed into its directory, and removes every container and network. */
    @Override
    public void close() {
        try {
            saveLogs();
        } finally {
            closeMembers();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down, and the hook does the same.
            return;
        }
    }
}

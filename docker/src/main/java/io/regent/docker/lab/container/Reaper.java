package io.regent.docker.lab.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import io.regent.docker.lab.fleet.AtOnce;
import io.regent.docker.lab.fleet.FleetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Knows by their label which containers and networks are a fleet's, and removes them: when the fleet ends, when its JVM is
 * killed (a small shell with the docker command does it then, and looks again: the engine may be making one still), or at the latest when the next fleet starts.
 */
final class Reaper implements AutoCloseable {
    private static final String LABEL = "io.regent.fleet";
    private static final String SCRIPT = """
            trap '' INT HUP TERM
            read -r line
            empty=0 rounds=0
            while [ $empty -lt 2 ] && [ $rounds -lt 60 ]; do
                containers=$(docker ps -aq --filter "label=io.regent.fleet=$0")
                networks=$(docker network ls -q --filter "label=io.regent.fleet=$0")
                empty=$((empty + 1)) rounds=$((rounds + 1))
                [ -z "$containers$networks" ] || empty=0
                echo "$containers" | xargs -r docker rm -f -v
                echo "$networks" | xargs -r docker network rm
                sleep 1
            done""";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final DockerClient client;
    private final String owner;
    private final Optional<Process> shell;

    private Reaper(DockerClient client, String owner, Optional<Process> shell) {
        this.client = client;
        this.owner = owner;
        this.shell = shell;
    }

    /** One for a new fleet; removes what is left of the fleets of JVMs of this machine that are gone. */
    static Reaper start(DockerClient client) {
        clearLeftOvers(client);
        ProcessHandle self = ProcessHandle.current();
        String owner = String.join("/", host(), Long.toString(self.pid()), started(self), "" + COUNT.incrementAndGet());
        try {
            Process shell = new ProcessBuilder("sh", "-c", SCRIPT, owner)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Reaper(client, owner, Optional.of(shell));
        } catch (IOException e) {
            throw new FleetException("cannot start a shell: " + e.getMessage(), e);
        }
    }

    /** Where this JVM's pid means something: a container may have its host's name, and pids of its own. */
    private static String host() {
        return name() + "@" + pids();
    }

    private static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String pids() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "all";
        }
    }

    private static String started(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .orElse(0L)
                .toString();
    }

    /** What everything of the fleet carries. */
    Map<String, String> labels() {
        return Map.of(LABEL, owner);
    }

    private static void clearLeftOvers(DockerClient client) {
        for (Container container : client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(LABEL))
                .exec()) {
            if (isLeftOver(container.getLabels().getOrDefault(LABEL, ""))) {
                remove(client, container);
            }
        }
        for (Network network :
                client.listNetworksCmd().withFilter("label", List.of(LABEL)).exec()) {
            if (isLeftOver(network.getLabels().getOrDefault(LABEL, ""))) {
                remove(client, network);
            }
        }
    }

    /** Whether its JVM ran on this machine and is gone. A pid is given to others: its start tells them apart. */
    static boolean isLeftOver(String label) {
        String[] parts = label.split("/", -1);
        if (parts.length != 4 || !parts[0].equals(host()) || !parts[1].matches("\\d{1,18}")) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(parts[1]))
                .filter(ProcessHandle::isAlive)
                .filter(process -> started(process).equals(parts[2]))
                .isEmpty();
    }

    private static void remove(DockerClient client, Container container) {
        try {
            client.removeContainerCmd(container.getId())
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException e) {
            return; // somebody else removes it already
        }
    }

    private static void remove(DockerClient client, Network network) {
        try {
            client.removeNetworkCmd(network.getId()).exec();
        } catch (NotFoundException | ConflictException e) {
            return; // somebody else removes it already
        }
    }

    /** Removes everything that carries the label, and looks out no longer. */
    @Override
    public void close() {
        sweep();
        shell.ifPresent(Process::destroyForcibly);
    }

    /** Removes everything that carries the label now. */
    void sweep() {
        List<Container> containers = client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels())
                .exec();
        AtOnce.each(containers, container -> remove(client, container));
        client.listNetworksCmd()
                .withFilter("label", List.of(LABEL + "=" + owner))
                .exec()
                .forEach(network -> remove(client, network));
    }
}

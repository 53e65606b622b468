package io.regent.docker.lab.container;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.sql.local.Ports;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * The network of one region: a container that does nothing but hold it, so that it outlives whatever is killed in the
 * region. The region's members live in it; outside it is known by the region's name. Some of its ports are open to this
 * machine's loopback interface, by which applications and operators come.
 */
final class Pod {
    static final int MYSQL = 3306;
    static final int HTTP = 8080;
    static final int ZOOKEEPER = 2181;

    private static final String LOOPBACK = "127.0.0.1";
    private static final int[] PORTS = {MYSQL, HTTP, ZOOKEEPER};
    private static final List<String> CHAINS = List.of("CUT", "HOLD", "HOLD_ANSWERS");

    private final String region;
    private final Map<Integer, Integer> published = new LinkedHashMap<>();
    private final GenericContainer<?> container;

    private Pod(String region, String image, Network network, Map<String, String> labels, List<Integer> outside) {
        this.region = region;
        for (int i = 0; i < PORTS.length; i++) {
            published.put(PORTS[i], outside.get(i));
        }
        this.container = new GenericContainer<>(DockerImageName.parse(image))
                .withNetwork(network)
                .withNetworkAliases(region)
                .withLabels(labels)
                .waitingFor(new NoWait())
                .withCreateContainerCmdModifier(create -> {
                    create.withHostName(region);
                    create.withExposedPorts(
                            published.keySet().stream().map(ExposedPort::tcp).toList());
                    create.getHostConfig().withCapAdd(Capability.NET_ADMIN).withPortBindings(bindings());
                });
    }

    /**
     * Pods of these regions, not started, at ports of this machine that are free now.
     *
     * @param labels what each of them carries
     */
    static List<Pod> of(List<String> regions, String image, Network network, Map<String, String> labels) {
        List<Integer> outside = Ports.free(PORTS.length * regions.size());
        List<Pod> all = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            List<Integer> own = outside.subList(PORTS.length * i, PORTS.length * (i + 1));
            all.add(new Pod(regions.get(i), image, network, labels, own));
        }
        return List.copyOf(all);
    }

    private List<PortBinding> bindings() {
        List<PortBinding> all = new ArrayList<>();
        published.forEach((inside, outside) -> all.add(PortBinding.parse(LOOPBACK + ":" + outside + ":" + inside)));
        return all;
    }

    /** Starts it, with nothing cut. */
    void start() {
        container.start();
        StringBuilder script = new StringBuilder("set -e\n");
        CHAINS.forEach(chain -> script.append("iptables -w -N ").append(chain).append('\n'));
        script.append(
                "iptables -w -I INPUT -j CUT\niptables -w -I INPUT -j HOLD\niptables -w -I OUTPUT -j HOLD_ANSWERS\n");
        run(script.toString());
    }

    /** Removes it, however far it came. */
    void remove() {
        container.stop();
    }

    /** Name of the region, by which the other regions reach it. */
    String region() {
        return region;
    }

    /** What a member joins. */
    String networkMode() {
        return "container:" + container.getContainerId();
    }

    /** Its address between the regions. */
    String ip() {
        return container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .findFirst()
                .orElseThrow(() -> new FleetException("the network of " + region + " has no address"))
                .getIpAddress();
    }

    /** Where this JVM reaches what listens on a port in it. */
    ServerAddress outside(int port) {
        return new ServerAddress(LOOPBACK, published.getOrDefault(port, port));
    }

    /** Where the other regions reach what listens on a port in it. */
    ServerAddress inside(int port) {
        return new ServerAddress(region, port);
    }

    /** Replaces the rules of some chains of its own by others, in one step. */
    void filter(Map<String, List<String>> chains) {
        StringBuilder rules = new StringBuilder("*filter\n");
        chains.keySet().forEach(chain -> rules.append(':').append(chain).append(" - [0:0]\n"));
        chains.forEach((chain, lines) -> lines.forEach(line ->
                rules.append("-A ").append(chain).append(' ').append(line).append('\n')));
        run("iptables-restore -w -n <<'END'\n" + rules + "COMMIT\nEND\n");
    }

    /** Runs a shell script in it, as its administrator. */
    void run(String script) {
        try {
            ExecResult result = container.execInContainer("sh", "-c", script);
            if (result.getExitCode() != 0) {
                throw new FleetException("cannot change the network of " + region + ": "
                        + result.getStderr().strip() + " at\n" + script);
            }
        } catch (IOException e) {
            throw new FleetException("cannot change the network of " + region, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("interrupted", e);
        }
    }
}

package io.regent.docker.lab.container;

import io.regent.docker.lab.fleet.FourLetters;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** One server of the ensemble. */
final class ContainerZooKeeper extends ContainerMember {
    /** Its configuration is written when it starts, and libraries load what they unpack. */
    private static final Map<String, String> SCRATCH =
            Map.of("/conf", "rw,nosuid,noexec,uid=1000,gid=1000,size=1m", "/tmp", "rw,exec,nosuid,mode=1777,size=64m");

    /** The server of the region at this place of the list. */
    ContainerZooKeeper(List<Pod> pods, int index, String image, ContainerMaker maker, Path log) {
        super(
                "ZooKeeper of " + pods.get(index).region(),
                container(pods, index, image, maker),
                () -> FourLetters.serves(pods.get(index).outside(Pod.ZOOKEEPER)),
                log);
    }

    private static GenericContainer<?> container(List<Pod> pods, int index, String image, ContainerMaker maker) {
        String servers = IntStream.range(0, pods.size())
                .mapToObj(i -> "server." + (i + 1) + "=" + pods.get(i).region() + ":2888:3888;" + Pod.ZOOKEEPER)
                .collect(Collectors.joining(" "));
        return maker.in(pods.get(index), DockerImageName.parse(image), SCRATCH)
                .withEnv("ZOO_MY_ID", Integer.toString(index + 1))
                .withEnv("ZOO_SERVERS", servers)
                .withEnv("ZOO_TICK_TIME", "500")
                .withEnv("ZOO_INIT_LIMIT", "40")
                .withEnv("ZOO_SYNC_LIMIT", "4")
                .withEnv("ZOO_JAVA_OPTS", "-Xmx128m -XX:TieredStopAtLevel=1");
    }
}

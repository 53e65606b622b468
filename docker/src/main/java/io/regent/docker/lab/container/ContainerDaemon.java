package io.regent.docker.lab.container;

import com.github.dockerjava.api.model.Bind;
import io.regent.docker.lab.fleet.Daemon;
import io.regent.sql.session.ServerAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A coordinator in a container whose memory is bounded. */
final class ContainerDaemon extends ContainerMember implements Daemon {
    private static final long MEMORY_BYTES = 512L << 20;
    /** Where libraries put what they unpack, and load it from. */
    private static final Map<String, String> SCRATCH = Map.of("/tmp", "rw,exec,nosuid,size=64m");

    private final ServerAddress http;

    /** The coordinator of the file {@code regent.yaml} in a folder. */
    ContainerDaemon(Pod pod, String image, ContainerMaker maker, Path folder, Path log) {
        super("coordinator of " + pod.region(), container(pod, image, maker, folder), () -> true, log);
        this.http = pod.outside(Pod.HTTP);
    }

    private static GenericContainer<?> container(Pod pod, String image, ContainerMaker maker, Path folder) {
        List<Bind> directories = List.of(Bind.parse(folder + ":/etc/regent:ro"));
        return maker.in(pod, DockerImageName.parse(image), directories, SCRATCH)
                .withEnv("REGENT_JAVA_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .withCreateContainerCmdModifier(create -> create.getHostConfig().withMemory(MEMORY_BYTES));
    }

    @Override
    public ServerAddress http() {
        return http;
    }
}

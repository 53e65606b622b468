package io.regent.docker.lab.container;

import com.github.dockerjava.api.model.Bind;
import io.regent.docker.lab.fleet.Extras;
import io.regent.docker.lab.fleet.FakeTime;
import io.regent.docker.lab.fleet.MyCnf;
import io.regent.docker.lab.fleet.RegionExtras;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Makes the containers of one fleet.
 *
 * @param labels what each of them carries
 * @param extras what each region has beside them
 * @param servers a user's own settings for the servers, if there are any
 */
record ContainerMaker(Map<String, String> labels, Extras extras, Optional<Servers> servers) {
    private static final Path CLOCK = Path.of("/etc/faketime");

    /**
     * A user's own settings for the servers.
     *
     * @param written where they can be read by a container
     */
    record Servers(MyCnf myCnf, Path written) {}

    /**
     * A container in a region's network, not started, whose root file system is read-only.
     *
     * @param scratch where it may write besides its volumes, with the options of the mount
     */
    GenericContainer<?> in(Pod pod, DockerImageName image, Map<String, String> scratch) {
        return new GenericContainer<>(image)
                .withLabels(labels)
                .withNetworkMode(pod.networkMode())
                .withCreateContainerCmdModifier(create ->
                        create.getHostConfig().withReadonlyRootfs(true).withTmpFs(scratch))
                .waitingFor(new NoWait());
    }

    /** The same for one that reads the region's clock, if that can be set, and has these directories of this machine. */
    GenericContainer<?> in(Pod pod, DockerImageName image, List<Bind> directories, Map<String, String> scratch) {
        List<Bind> all = new ArrayList<>(directories);
        GenericContainer<?> container = in(pod, image, scratch);
        of(pod).clock().ifPresent(clock -> {
            all.add(Bind.parse(clock.folder() + ":" + CLOCK + ":ro"));
            container.withEnv(FakeTime.environment(CLOCK));
        });
        return container.withCreateContainerCmdModifier(
                create -> create.getHostConfig().withBinds(all));
    }

    /** What a region has. */
    RegionExtras of(Pod pod) {
        return extras.of(pod.region());
    }
}

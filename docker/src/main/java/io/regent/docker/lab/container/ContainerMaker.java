package io.regent.docker.lab.container;

import com.github.dockerjava.api.model.Bind;
import io.regent.docker.lab.fleet.Extras;
import io.regent.docker.lab.fleet.FakeTime;
import io.regent.docker.lab.fleet.RegionExtras;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Makes the containers of one fleet.
 *
 * @param labels what each of them carries
 * @param extras what each region has beside them
 */
record ContainerMaker(Map<String, String> labels, Extras extras) {
    private static final Path CLOCK = Path.of("/etc/faketime");

    /** A container in a region's network, not started. */
    GenericContainer<?> in(Pod pod, DockerImageName image) {
        return new GenericContainer<>(image)
                .withLabels(labels)
                .withNetworkMode(pod.networkMode())
                .waitingFor(new NoWait());
    }

    /** The same for one that reads the region's clock, if that can be set, and has these directories of this machine. */
    GenericContainer<?> in(Pod pod, DockerImageName image, List<Bind> directories) {
        List<Bind> all = new ArrayList<>(directories);
        GenericContainer<?> container = in(pod, image);
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

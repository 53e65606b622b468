package io.regent.docker.lab.container;

import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Makes the containers of one fleet.
 *
 * @param labels what each of them carries
 */
record ContainerMaker(Map<String, String> labels) {
    /** A container in a region's network, not started. */
    GenericContainer<?> in(Pod pod, DockerImageName image) {
        return new GenericContainer<>(image)
                .withLabels(labels)
                .withNetworkMode(pod.networkMode())
                .waitingFor(new NoWait());
    }
}

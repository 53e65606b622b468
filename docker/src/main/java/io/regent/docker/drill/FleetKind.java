package io.regent.docker.drill;

import io.regent.docker.lab.container.ContainerFleet;
import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.process.ProcessFleet;
import java.util.Locale;

/** What a drill's cluster is made of. */
public enum FleetKind {
    /** Processes of this machine, and one ZooKeeper: needs nothing. */
    PROCESSES {
        @Override
        public Fleet start(FleetSettings settings, Images images) {
            return ProcessFleet.start(settings);
        }
    },
    /** Containers, with a ZooKeeper server and a network that can be cut in each region: needs an engine and the images. */
    CONTAINERS {
        @Override
        public Fleet start(FleetSettings settings, Images images) {
            return ContainerFleet.start(settings, images);
        }
    };

    /** As on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Starts all of it but the coordinators. */
    public abstract Fleet start(FleetSettings settings, Images images);
}

package io.regent.coordinator.config;

import io.regent.sql.session.ServerAddress;
import java.util.Optional;

/**
 * One region of a cluster, as configured.
 *
 * @param name its name, unique in the cluster
 * @param mysql where its MySQL server listens
 * @param coordinator where its coordinator listens, if it is named
 * @param site the failure domain that it shares with others, by default its own name
 * @param plain whether its MySQL is reached without TLS
 * @param priority which region is preferred as master, 0 to 1000, by default 1
 */
public record RegionConfig(
        String name,
        ServerAddress mysql,
        Optional<ServerAddress> coordinator,
        String site,
        boolean plain,
        int priority) {
    /** The priority of a region that names none. */
    public static final int DEFAULT_PRIORITY = 1;
}

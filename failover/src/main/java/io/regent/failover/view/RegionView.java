package io.regent.failover.view;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Reach;
import org.jspecify.annotations.Nullable;

/**
 * Everything one decision is made of.
 *
 * @param region the coordinator's region
 * @param coordinator its name, unique in the region
 * @param duty its offices, as it believes
 * @param cluster what ZooKeeper said, or null if it did not answer
 * @param own the region's MySQL, looked at after ZooKeeper was
 * @param memory what the process remembers, this look included
 * @param reach whose MySQL answers here, by its own links or by a probe
 */
public record RegionView(
        String region,
        String coordinator,
        Duty duty,
        @Nullable ClusterState cluster,
        OwnServer own,
        Memory memory,
        Reach reach) {}

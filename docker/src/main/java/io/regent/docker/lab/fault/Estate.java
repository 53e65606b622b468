package io.regent.docker.lab.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there is to be broken.
 *
 * @param regions their names
 * @param zookeepers name of each ZooKeeper server to the region that it lives and dies with; to the empty string if it
 *     stands by itself
 */
public record Estate(List<String> regions, Map<String, String> zookeepers) {
    /** Copies them, and checks that a fault has something to hit. */
    public Estate {
        regions = List.copyOf(regions);
        zookeepers = Map.copyOf(new TreeMap<>(zookeepers));
        if (regions.isEmpty() || zookeepers.isEmpty()) {
            throw new IllegalArgumentException("a cluster has regions and ZooKeeper servers");
        }
    }

    /** What a fault can be done to, always in the same order. */
    List<String> targets(Fault fault) {
        if (fault.target() == Fault.Target.REGION) {
            return regions;
        }
        return zookeepers.keySet().stream().sorted().toList();
    }

    /** The ZooKeeper servers that a fault takes away. */
    List<String> taken(PlannedFault planned) {
        if (!planned.fault().takesZookeeper()) {
            return List.of();
        }
        if (planned.fault().target() == Fault.Target.ZOOKEEPER) {
            return List.of(planned.target());
        }
        List<String> there = new ArrayList<>();
        zookeepers.forEach((server, region) -> {
            if (region.equals(planned.target())) {
                there.add(server);
            }
        });
        return there;
    }

    /** The region that a fault strikes; empty if it strikes a ZooKeeper server alone. */
    String struck(PlannedFault planned) {
        return planned.fault().target() == Fault.Target.REGION ? planned.target() : "";
    }

    /** Whether so many ZooKeeper servers fewer are still more than half of all. */
    boolean isMajorityWithout(int servers) {
        return (zookeepers.size() - servers) * 2 > zookeepers.size();
    }
}

package io.regent.failover.model;

import java.util.List;

/**
 * Whose MySQL the links into a region reach, {@code /regions/R/reach}. It stands for what its coordinator sees as long as
 * that has a session.
 *
 * @param reached the regions whose MySQL streams to it now
 * @param unreached those it has a link from that does not come through; none while no link runs
 * @param behind of those reached, whose link does not keep up: what has arrived of it waits here
 */
public record Reach(List<String> reached, List<String> unreached, List<String> behind) {
    /** No link runs. */
    public static final Reach NONE = new Reach(List.of(), List.of(), List.of());

    /** Sorts them, so that the same is equal. */
    public Reach {
        reached = reached.stream().sorted().toList();
        unreached = unreached.stream().sorted().toList();
        behind = behind.stream().sorted().toList();
    }

    /** Whether all that the region wrote is here, but for what is on its way at this moment. */
    public boolean follows(String region) {
        return reached.contains(region) && !behind.contains(region);
    }
}

package io.regent.failover.model;

import java.util.List;

/**
 * Whose MySQL answers a region, {@code /regions/R/reach}: by its links, and by a probe where none speaks. It stands for what
 * its coordinator sees as long as that has a session.
 *
 * @param reached the regions whose MySQL streams to it now, or answers a probe
 * @param unreached those whose MySQL does not: a link from there tries in vain, or a probe has for some seconds
 * @param behind of those reached, whose link does not keep up, for what has arrived of it waits here; or does not run: that a
 *     probe is answered says nothing of what has come
 */
public record Reach(List<String> reached, List<String> unreached, List<String> behind) {
    /** Nothing is known of anybody. */
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

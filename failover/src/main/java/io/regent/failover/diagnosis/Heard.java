package io.regent.failover.diagnosis;

import java.util.List;

/**
 * Which coordinators of other regions answer a region's coordinator over HTTP, {@code /regions/R/heard}. It gives a failure
 * its name and nothing else: no rule of {@code decide} sees it.
 *
 * @param answering those that answer and say that they have ZooKeeper
 * @param cutOff those that answer and say that they have no ZooKeeper
 * @param silent those that are asked and do not answer
 */
public record Heard(List<String> answering, List<String> cutOff, List<String> silent) {
    /** Nobody was asked. */
    public static final Heard NOBODY = new Heard(List.of(), List.of(), List.of());

    /** Sorts them, so that the same is equal. */
    public Heard {
        answering = answering.stream().sorted().toList();
        cutOff = cutOff.stream().sorted().toList();
        silent = silent.stream().sorted().toList();
    }

    /** Whether this region's coordinator answers. */
    boolean hears(String region) {
        return answering.contains(region) || cutOff.contains(region);
    }
}

package io.regent.docker.drill;

import io.regent.docker.lab.step.Step;
import java.util.List;

/**
 * A failure, or a change that an operator makes, rehearsed under load.
 *
 * @param name as on the command line; that of the failure's runbook if it has one
 * @param purpose what it shows, in a sentence
 * @param changes how often the master changes in it
 * @param cuts whether it cuts the network, which a fleet of processes does not have
 * @param strands whether something must be stranded for it to show that
 * @param steps what happens between the first write and the last check
 */
public record Drill(String name, String purpose, int changes, boolean cuts, boolean strands, List<Step> steps) {
    /** Copies the steps. */
    public Drill {
        steps = List.copyOf(steps);
    }
}

package io.regent.docker.drill;

import io.regent.docker.lab.fleet.Extra;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A failure, or a change that an operator makes, rehearsed under load.
 *
 * @param name as on the command line; that of the failure's runbook if it has one
 * @param purpose what it shows, in a sentence
 * @param changes how often the master changes in it; {@link FinalCheck#ANY_CHANGES} if nobody can say
 * @param strands whether something must be stranded for it to show that
 * @param equipment what its cluster must have
 * @param steps what happens between the first write and the last check
 */
public record Drill(String name, String purpose, int changes, boolean strands, Equipment equipment, List<Step> steps) {
    /** For how long clients write, unless the user says otherwise. */
    static final Duration USUAL = Duration.ofSeconds(15);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration BEGINNING = Duration.ofSeconds(5);

    /** Copies the collections. */
    public Drill {
        steps = List.copyOf(steps);
    }

    /**
     * What a cluster must have for it.
     *
     * @param containers what the drill does that only containers can: "cuts the network between regions"; empty if processes
     *     can do it
     * @param mysql regions whose containers of MySQL are of another image than the others'
     * @param extras what a fleet has only if it is asked for
     * @param holdOff how long a silent master is waited for whose loss is not confirmed; the standard's if empty
     */
    public record Equipment(
            Optional<String> containers, Map<String, String> mysql, Set<Extra> extras, Optional<Duration> holdOff) {
        /** What every cluster has. */
        static final Equipment USUAL = new Equipment(Optional.empty(), Map.of(), Set.of(), Optional.empty());

        /** Copies the collections. */
        public Equipment {
            mysql = Map.copyOf(mysql);
            extras = Set.copyOf(extras);
        }
    }

    /** One in which the master changes so often. */
    static Drill of(String name, String purpose, int changes, Step... steps) {
        return new Drill(name, purpose, changes, false, Equipment.USUAL, List.of(steps));
    }

    /** The same, for containers only. */
    Drill inContainers(String reason) {
        return on(new Equipment(Optional.of(reason), equipment.mysql(), equipment.extras(), equipment.holdOff()));
    }

    /** The same, which proves less than it should if nothing is stranded. */
    Drill stranding() {
        return new Drill(name, purpose, changes, true, equipment, steps);
    }

    /** The same, in which a region's MySQL is of another version. */
    Drill with(String region, String image) {
        return on(new Equipment(
                Optional.of("runs another version of MySQL in " + region),
                Map.of(region, image),
                equipment.extras(),
                equipment.holdOff()));
    }

    /** The same, for a fleet that has this. */
    Drill with(Extra extra) {
        return on(new Equipment(equipment.containers(), equipment.mysql(), Set.of(extra), equipment.holdOff()));
    }

    /** The same, in which a silent master is waited for so long whose loss is not confirmed. */
    Drill holdingOff(Duration holdOff) {
        return on(new Equipment(equipment.containers(), equipment.mysql(), equipment.extras(), Optional.of(holdOff)));
    }

    private Drill on(Equipment other) {
        return new Drill(name, purpose, changes, strands, other, steps);
    }

    /** Whether the clients' time is not one of peace. */
    private boolean isRestless() {
        return name.endsWith("-hour");
    }

    /** For how long clients write, unless the user says otherwise. */
    Duration usualLoad() {
        return isRestless() ? HOUR : USUAL;
    }

    /** For how long nothing is done to the cluster at the beginning. */
    Duration longestPeace() {
        return isRestless() ? BEGINNING : HOUR;
    }
}

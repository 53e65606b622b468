package io.regent.docker.drill;

import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A failure, or a change that an operator makes, rehearsed under load.
 *
 * @param name as on the command line; that of the failure's runbook if it has one
 * @param purpose what it shows, in a sentence
 * @param changes how often the master changes in it; {@link FinalCheck#ANY_CHANGES} if nobody can say
 * @param needs what it does that only containers can: "cuts the network between regions"; empty if processes can do it
 * @param strands whether something must be stranded for it to show that
 * @param mysql regions whose containers of MySQL are of another image than the others'
 * @param steps what happens between the first write and the last check
 */
public record Drill(
        String name,
        String purpose,
        int changes,
        Optional<String> needs,
        boolean strands,
        Map<String, String> mysql,
        List<Step> steps) {
    /** For how long clients write, unless the user says otherwise. */
    static final Duration USUAL = Duration.ofSeconds(15);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration BEGINNING = Duration.ofSeconds(5);

    /** Copies the collections. */
    public Drill {
        mysql = Map.copyOf(mysql);
        steps = List.copyOf(steps);
    }

    /** One in which the master changes so often. */
    static Drill of(String name, String purpose, int changes, Step... steps) {
        return new Drill(name, purpose, changes, Optional.empty(), false, Map.of(), List.of(steps));
    }

    /** The same, for containers only. */
    Drill inContainers(String reason) {
        return new Drill(name, purpose, changes, Optional.of(reason), strands, mysql, steps);
    }

    /** The same, which proves less than it should if nothing is stranded. */
    Drill stranding() {
        return new Drill(name, purpose, changes, needs, true, mysql, steps);
    }

    /** The same, in which a region's MySQL is of another version. */
    Drill with(String region, String image) {
        return new Drill(
                name,
                purpose,
                changes,
                Optional.of("runs another version of MySQL in " + region),
                strands,
                Map.of(region, image),
                steps);
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

package io.regent.failover.diagnosis;

import io.regent.failover.model.Failure;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A failure that was found.
 *
 * @param failure what it is
 * @param region whose it is; empty if the cluster's
 * @param seen what was seen, in a sentence
 * @param by who saw it
 * @param doubt what speaks against the name; empty if nothing does
 */
public record Finding(Failure failure, String region, String seen, List<Witness> by, String doubt) {
    /** Copies who saw it. */
    public Finding {
        by = List.copyOf(by);
    }

    /** Whether nothing speaks against it, and all who saw it can be relied on. */
    public boolean isCertain() {
        return doubt.isEmpty()
                && by.stream().allMatch(witness -> witness.evidence().sure());
    }

    /** Who saw it, how long ago and how that is known, for people. */
    public String witnesses() {
        String all = by.stream().map(Witness::words).collect(Collectors.joining(", "));
        return isCertain() ? all : all + "; NOT SURE" + (doubt.isEmpty() ? "" : ": " + doubt);
    }
}

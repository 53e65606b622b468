package io.regent.docker.lab.fleet;

import java.util.Optional;
import java.util.Set;

/**
 * What a cluster is to have that others have not.
 *
 * @param extras what a fleet has only if it is asked for
 * @param founders whose {@code dbctl} founds it, and whose coordinators it begins with
 * @param myCnf a user's own settings for the servers
 */
public record Outfit(Set<Extra> extras, Build founders, Optional<MyCnf> myCnf) {
    /** Copies the set. */
    public Outfit {
        extras = Set.copyOf(extras);
    }

    /** Nothing but what this build is. */
    static Outfit usual() {
        return new Outfit(Set.of(), Build.own(), Optional.empty());
    }
}

package io.regent.docker.lab.check;

import java.util.List;

/**
 * What the checkers found about one invariant.
 *
 * @param invariant which
 * @param examined what was looked at, in a few words each; empty if nothing was, which proves nothing
 * @param violations how often it does not hold
 * @param examples the first of them
 */
public record Finding(Invariant invariant, List<String> examined, long violations, List<String> examples) {
    /** Copies the lists. */
    public Finding {
        examined = List.copyOf(examined);
        examples = List.copyOf(examples);
    }

    /** Whether something was looked at and nothing is violated. */
    public boolean holds() {
        return violations == 0 && !examined.isEmpty();
    }
}

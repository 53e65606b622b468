package io.regent.docker.lab.check;

import java.util.List;

/**
 * What the checkers found at the end.
 *
 * @param missing acknowledged writes that are neither present nor accounted for, as messages show them
 * @param missingCount how many
 * @param adoptions e-mails that belong to another user than the one they were written for
 * @param broken rows that cannot be
 * @param differences what is not equal between the regions, as lines; empty if all is
 * @param rows how many rows were compared
 */
public record Verdict(
        List<String> missing,
        long missingCount,
        List<String> adoptions,
        List<String> broken,
        List<String> differences,
        long rows) {
    /** Whether the regions hold the same rows. */
    public boolean regionsEqual() {
        return differences.isEmpty();
    }
}

package io.regent.docker.lab.check;

import java.util.List;

/**
 * What the checkers found at the end.
 *
 * @param findings one for each invariant that was promised, examined or violated
 * @param rows how many rows were compared between the regions
 */
public record Verdict(List<Finding> findings, long rows) {
    /** Copies the list. */
    public Verdict {
        findings = List.copyOf(findings);
    }

    /** What was found about one invariant; nothing examined if no checker looked at it. */
    public Finding of(Invariant invariant) {
        return findings.stream()
                .filter(finding -> finding.invariant() == invariant)
                .findFirst()
                .orElseGet(() -> new Finding(invariant, List.of(), 0, List.of()));
    }

    /** Whether the regions hold the same rows. */
    public boolean regionsEqual() {
        return of(Invariant.CONVERGENCE).holds();
    }

    /** Acknowledged writes that are neither present nor accounted for. */
    public long missing() {
        return of(Invariant.NO_LOSS).violations();
    }

    /** Rows that belong to another parent than the one they were written for. */
    public long adoptions() {
        return of(Invariant.NO_ADOPTION).violations();
    }

    /** Whether nothing is violated. */
    public boolean holds() {
        return findings.stream().allMatch(Finding::holds);
    }
}

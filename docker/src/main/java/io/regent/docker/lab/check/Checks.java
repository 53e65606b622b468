package io.regent.docker.lab.check;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** All checkers, one after the other; to be run once nobody writes any more. */
public final class Checks {
    private final Evidence evidence;
    private final List<Checker> more;
    private final Set<Invariant> promised;

    /**
     * Checks what the regions hold against what clients were told.
     *
     * @param evidence of the regions that are there; one that is lost for good is not one of them
     * @param more checkers beside those that hold for every application: no acknowledged write is lost, and all regions
     *     hold the same rows
     * @param promised the invariants for which they must have examined something, beside those two
     */
    public Checks(Evidence evidence, List<? extends Checker> more, Set<Invariant> promised) {
        this.evidence = evidence;
        this.more = List.copyOf(more);
        this.promised = Set.copyOf(promised);
    }

    /**
     * Runs them.
     *
     * @param progress is told in a line what was just done
     * @throws SQLException if a region cannot be read; nothing is known then
     * @throws IOException if something else that a checker reads cannot be had
     */
    public Verdict run(Consumer<String> progress) throws SQLException, IOException {
        List<Checker> all = new ArrayList<>(List.of(new Convergence(progress), new AcknowledgedWrites()));
        all.addAll(more);
        Judgement judgement = new Judgement();
        judgement.promised(Invariant.CONVERGENCE);
        judgement.promised(Invariant.NO_LOSS);
        promised.forEach(judgement::promised);
        for (Checker checker : all) {
            checker.check(evidence, judgement);
        }
        Verdict verdict = judgement.verdict();
        progress.accept("acknowledged writes: " + verdict.missing() + " missing");
        return verdict;
    }
}

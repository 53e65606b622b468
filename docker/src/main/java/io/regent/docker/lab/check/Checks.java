package io.regent.docker.lab.check;

import io.regent.docker.lab.history.History;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All checkers, one after the other; to be run once nobody writes any more. */
public final class Checks {
    private final Regions regions;
    private final History history;
    private final HeldList list;
    private final GtidSet named;
    private final List<Checker> more;

    /** Checks what these regions hold of the identity service against what its clients were told. */
    public Checks(Regions regions, History history, HeldList list) {
        this(regions, history, list, GtidSet.EMPTY, RegionRows.CHECKERS);
    }

    /**
     * Checks what these regions hold against what these clients were told.
     *
     * @param regions those that are there; one that is lost for good is not one of them
     * @param list the stranded transactions
     * @param named what the loss statement names
     * @param more checkers beside those that hold for every application: no acknowledged write is lost, and all regions
     *     hold the same rows
     */
    public Checks(Regions regions, History history, HeldList list, GtidSet named, List<? extends Checker> more) {
        this.regions = regions;
        this.history = history;
        this.list = list;
        this.named = named;
        this.more = List.copyOf(more);
    }

    /**
     * Runs them.
     *
     * @param progress is told in a line what was just done
     * @throws SQLException if a region cannot be read; nothing is known then
     * @throws IOException if the list of stranded transactions cannot be had
     */
    public Verdict run(Consumer<String> progress) throws SQLException, IOException {
        List<Checker> all = new ArrayList<>(List.of(new Convergence(progress), new AcknowledgedWrites()));
        all.addAll(more);
        Evidence evidence = new Evidence(history, regions, Fates.read(regions, list.all(), named));
        Judgement judgement = new Judgement();
        for (Checker checker : all) {
            checker.check(evidence, judgement);
        }
        Verdict verdict = judgement.verdict();
        progress.accept("acknowledged writes: " + verdict.missing() + " missing");
        return verdict;
    }
}

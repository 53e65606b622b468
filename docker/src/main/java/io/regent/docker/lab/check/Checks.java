package io.regent.docker.lab.check;

import io.regent.docker.lab.history.History;
import io.regent.replicator.verify.Verify;
import io.regent.replicator.verify.VerifyReport;
import io.regent.replicator.verify.VerifyReport.TableReport;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** All checkers, one after the other; to be run once nobody writes any more. */
public final class Checks {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_SHOWN = 20;

    private final Regions regions;
    private final History history;
    private final HeldList list;

    /** Checks what these regions hold against what these clients were told. */
    public Checks(Regions regions, History history, HeldList list) {
        this.regions = regions;
        this.history = history;
        this.list = list;
    }

    /**
     * Runs them.
     *
     * @param progress is told in a line what was just done
     * @throws SQLException if a region cannot be read; nothing is known then
     * @throws IOException if the list of stranded transactions cannot be had
     */
    public Verdict run(Consumer<String> progress) throws SQLException, IOException {
        VerifyReport report = new Verify(regions.sessions(), PATIENCE).run(progress);
        GtidSet missing = AcknowledgedWrites.missing(history.acknowledged(), regions, list.all());
        progress.accept("acknowledged writes: " + missing.count() + " missing");
        return new Verdict(
                missing.first(MOST_SHOWN).stream().map(history::describe).toList(),
                missing.count(),
                RegionRows.adoptions(regions),
                RegionRows.broken(regions),
                differences(report),
                report.tables().stream().mapToLong(TableReport::rows).sum());
    }

    private static List<String> differences(VerifyReport report) {
        List<String> lines = report.summary();
        return report.isEqual() ? List.of() : lines.subList(1, lines.size());
    }
}

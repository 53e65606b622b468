package io.regent.docker.lab.check;

import io.regent.replicator.verify.Verify;
import io.regent.replicator.verify.VerifyReport;
import io.regent.replicator.verify.VerifyReport.TableReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** All regions hold the same definitions and rows. */
final class Convergence implements Checker {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Consumer<String> progress;

    Convergence(Consumer<String> progress) {
        this.progress = progress;
    }

    @Override
    public void check(Evidence evidence, Judgement judgement) throws SQLException {
        VerifyReport report = new Verify(evidence.regions().sessions(), PATIENCE).run(progress);
        long rows = report.tables().stream().mapToLong(TableReport::rows).sum();
        judgement.compared(rows);
        judgement.examined(
                Invariant.CONVERGENCE,
                rows,
                "rows of " + report.tables().size() + " tables in "
                        + evidence.regions().names().size() + " regions");
        if (!report.isEqual()) {
            List<String> lines = report.summary();
            judgement.violated(Invariant.CONVERGENCE, lines.size() - 1L, lines.subList(1, lines.size()));
        }
    }
}

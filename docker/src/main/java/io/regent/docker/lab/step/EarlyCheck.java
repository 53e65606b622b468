package io.regent.docker.lab.step;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.ClusterHistory;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.check.rule.OneMaster;
import io.regent.docker.lab.check.rule.OneOpenRegion;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.sample.Sampler;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The story ended before its end: regions need not be equal, nor be there at all, but what clients were told and what was
 * seen of the regions must still be explained by one master at a time.
 */
public final class EarlyCheck implements Step {
    private static final int SHOWN = 5;

    @Override
    public String title() {
        return "Stops the clients and checks what they were told so far";
    }

    @Override
    public void run(Stage stage) throws IOException, SQLException {
        stage.load().stop();
        Judgement judgement = new Judgement();
        Fates unknown =
                new Fates(GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY);
        Evidence evidence = new Evidence(stage.history(), stage.regions(), unknown);
        for (Checker checker : checkers(stage)) {
            checker.check(evidence, judgement);
        }
        Verdict verdict = judgement.verdict();
        stage.findings().found(verdict);
        verdict.findings().stream()
                .filter(finding -> finding.violations() > 0)
                .forEach(finding -> finding.examples().stream()
                        .limit(SHOWN)
                        .forEach(example ->
                                stage.findings().fault(finding.invariant().title() + ": " + example)));
    }

    private static List<Checker> checkers(Stage stage) throws IOException {
        Findings findings = stage.findings();
        List<Checker> checkers = new ArrayList<>();
        checkers.add(new OneMaster(epochs(stage), findings.excuses()));
        if (stage.sampler().isPresent()) {
            Sampler sampler = stage.sampler().get();
            sampler.close();
            checkers.add(new OneOpenRegion(sampler::samples, findings.excuses()));
        }
        checkers.addAll(findings.demands());
        return checkers;
    }

    /** Those that clients were told are known anyway. */
    private static Map<Long, String> epochs(Stage stage) {
        try {
            return ClusterHistory.parse(
                            stage.quietly("history", "--json").answered().json())
                    .epochs();
        } catch (IOException | FleetException e) {
            stage.terminal().bad("the masterships are known from what clients were told alone: " + e.getMessage());
            return Map.of();
        }
    }

    /** Whether there is anything to check, and nothing was checked yet. */
    public static boolean isNeeded(Stage stage) {
        return stage.hasLoad() && stage.findings().verdict().isEmpty();
    }
}

package io.regent.docker.drill;

import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.report.result.Counts;
import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.report.result.DrillRun;
import io.regent.docker.lab.report.result.MasterChanges;
import io.regent.docker.lab.report.result.Timeline;
import io.regent.docker.lab.step.Findings;
import io.regent.docker.lab.step.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what a drill found from what was recorded on its stage, however far it came. */
final class DrillResults {
    private DrillResults() {}

    /**
     * At the end, while the cluster still runs.
     *
     * @param conditions what else one must know to play it again
     */
    static DrillResult of(Drill drill, long seed, Map<String, String> conditions, Stage stage) {
        Findings findings = stage.findings();
        History history = stage.history();
        long origin = findings.originNanos();
        Duration took = Duration.ofNanos(System.nanoTime() - origin);
        String began = Instant.now().minus(took).truncatedTo(ChronoUnit.SECONDS).toString();
        Optional<Evidence> evidence = findings.evidence();
        return new DrillResult(
                new DrillRun(drill.name(), drill.purpose(), began, took.toMillis(), seed, conditions),
                evidence.map(judged -> Counts.of(history, judged.fates(), rows(findings)))
                        .orElseGet(() -> Counts.unchecked(history)),
                findings.verdict().map(Verdict::findings).orElse(List.of()),
                evidence.map(judged -> new MasterChanges(judged, origin).of(findings.plannedEpochs()))
                        .orElse(List.of()),
                findings.injected(),
                Timeline.of(regions(stage), history, stage.samples(), origin, took),
                findings.faults());
    }

    private static long rows(Findings findings) {
        return findings.verdict().map(Verdict::rows).orElse(0L);
    }

    private static List<String> regions(Stage stage) {
        return stage.hasFleet() ? stage.fleet().nodes().stream().map(Node::name).toList() : List.of();
    }
}

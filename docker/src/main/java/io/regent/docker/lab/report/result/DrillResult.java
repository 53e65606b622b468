package io.regent.docker.lab.report.result;

import io.regent.docker.lab.check.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a drill found.
 *
 * @param run which drill, when, with what
 * @param counts numbers of writes
 * @param findings what the checkers say, an invariant each
 * @param changes every change of master
 * @param faults every fault that was injected
 * @param timeline what each region did
 * @param failures what else is not as promised, such as a wait that took too long; empty if all is
 */
public record DrillResult(
        DrillRun run,
        Counts counts,
        List<Finding> findings,
        List<MasterChange> changes,
        List<Injected> faults,
        Timeline timeline,
        List<String> failures) {
    /** Copies the lists. */
    public DrillResult {
        findings = List.copyOf(findings);
        changes = List.copyOf(changes);
        faults = List.copyOf(faults);
        failures = List.copyOf(failures);
    }

    /** Whether everything is as promised; a drill in which nothing was examined proves nothing, and is not. */
    public boolean passed() {
        return failures.isEmpty() && !findings.isEmpty() && findings.stream().allMatch(Finding::holds);
    }

    /** How many acknowledged writes failovers left at the old masters alone. */
    public long stranded() {
        return changes.stream()
                .filter(change -> !change.planned())
                .mapToLong(change -> change.stranded().writes())
                .sum();
    }

    /** How long clients could not write in moves; empty if there were none. */
    public static Optional<Distribution> pause(List<DrillResult> results) {
        return spread(changes(results, true), MasterChange::pauseMillis);
    }

    /** How long clients could not write in failovers, the recovery time; empty if there were none. */
    public static Optional<Distribution> recoveryTime(List<DrillResult> results) {
        return spread(changes(results, false), MasterChange::pauseMillis);
    }

    /** How far back reached what failovers stranded, the recovery point in time; empty if there were none. */
    public static Optional<Distribution> recoveryPoint(List<DrillResult> results) {
        return spread(changes(results, false), change -> change.stranded().millis());
    }

    private static Stream<MasterChange> changes(List<DrillResult> results, boolean planned) {
        return results.stream()
                .flatMap(result -> result.changes.stream())
                .filter(change -> change.planned() == planned);
    }

    private static Optional<Distribution> spread(Stream<MasterChange> changes, ToLongFunction<MasterChange> millis) {
        List<Duration> lengths = changes.map(change -> Duration.ofMillis(millis.applyAsLong(change)))
                .toList();
        return lengths.isEmpty() ? Optional.empty() : Optional.of(Distribution.of(lengths));
    }
}

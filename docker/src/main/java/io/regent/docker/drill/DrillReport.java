package io.regent.docker.drill;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.report.result.Counts;
import io.regent.docker.lab.report.result.Distribution;
import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.report.result.MasterChange;
import io.regent.docker.lab.report.result.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a drill, as JSON and for the terminal. What was not reached is null.
 *
 * @param drill its name
 * @param ok whether everything was as promised
 * @param reasons what was not
 * @param fleet what the cluster was made of
 * @param mysql the image of MySQL, or that it is the build's own
 * @param seed of everything that the clients chose
 * @param movePauseMillis for how long no client could write in each move: from the last OK of the old master to the first OK
 *     of the new one, over all clients
 * @param rtoMillis the same in each failover: the recovery time
 * @param faults how many faults were injected
 * @param rpoTransactions acknowledged writes that a lost master alone had: the recovery point, each of them held or released
 * @param held how many stranded transactions wait for a decision; those that nobody acknowledged are among them
 * @param released how many were written anew
 * @param acknowledged writes that a server said OK to
 * @param refused writes that a server said no to
 * @param unknown writes whose session was lost before an answer
 * @param writesPerSecond acknowledged, from the first to the last
 * @param missing acknowledged writes that are neither everywhere nor accounted for: lost
 * @param adoptions e-mails that belong to another user than the one they were written for
 * @param regionsEqual whether all rows of all tables are the same in all regions
 * @param rows how many were compared
 */
public record DrillReport(
        String drill,
        boolean ok,
        List<String> reasons,
        String fleet,
        String mysql,
        long seed,
        List<Long> movePauseMillis,
        List<Long> rtoMillis,
        int faults,
        long rpoTransactions,
        long held,
        long released,
        long acknowledged,
        long refused,
        long unknown,
        long writesPerSecond,
        @Nullable Long missing,
        @Nullable Long adoptions,
        @Nullable Boolean regionsEqual,
        @Nullable Long rows) {
    private static final int FEW = 4;

    /** Another rendering of what the other reports show. */
    static DrillReport of(DrillResult result) {
        Counts counts = result.counts();
        Optional<Finding> equal = finding(result, Invariant.CONVERGENCE);
        return new DrillReport(
                result.run().name(),
                result.passed(),
                reasons(result),
                result.run().settings().getOrDefault(DrillRun.FLEET, ""),
                result.run().settings().getOrDefault(DrillRun.MYSQL, ""),
                result.run().seed(),
                pauses(result, true),
                pauses(result, false),
                result.faults().size(),
                result.stranded(),
                counts.held(),
                counts.released(),
                counts.acknowledged(),
                counts.refused(),
                counts.unknown(),
                rate(result.timeline()),
                equal.map(checked -> counts.missing()).orElse(null),
                finding(result, Invariant.NO_ADOPTION).map(Finding::violations).orElse(null),
                equal.map(Finding::holds).orElse(null),
                equal.map(checked -> counts.rows()).orElse(null));
    }

    private static Optional<Finding> finding(DrillResult result, Invariant invariant) {
        return result.findings().stream()
                .filter(finding -> finding.invariant() == invariant)
                .findFirst();
    }

    private static List<String> reasons(DrillResult result) {
        List<String> reasons = new ArrayList<>(result.failures());
        result.findings().stream()
                .filter(finding -> !finding.holds())
                .forEach(finding -> reasons.add(finding.invariant().title()
                        + finding.examples().stream()
                                .findFirst()
                                .map(first -> ": " + first)
                                .orElse(": nothing was examined")));
        return List.copyOf(reasons);
    }

    private static List<Long> pauses(DrillResult result, boolean planned) {
        return result.changes().stream()
                .filter(change -> change.planned() == planned)
                .map(MasterChange::pauseMillis)
                .toList();
    }

    /** From the first step in which anything was acknowledged to the last. */
    private static long rate(Timeline timeline) {
        long[] acknowledged = new long
                [timeline.regions().values().stream().mapToInt(List::size).max().orElse(0)];
        timeline.regions().values().forEach(steps -> {
            for (int i = 0; i < steps.size(); i++) {
                acknowledged[i] += steps.get(i).acknowledged();
            }
        });
        int first = 0;
        int last = acknowledged.length - 1;
        while (first < last && acknowledged[first] == 0) {
            first++;
        }
        while (last > first && acknowledged[last] == 0) {
            last--;
        }
        long millis = (last - first + 1) * timeline.stepMillis();
        return millis <= 0 ? 0 : LongStream.of(acknowledged).sum() * 1000 / millis;
    }

    /** A few lines for the terminal. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!movePauseMillis.isEmpty()) {
            lines.add("move          " + joined(movePauseMillis) + " ms without writes");
        }
        if (!rtoMillis.isEmpty()) {
            lines.add("RTO           " + rto() + " ms without writes");
            lines.add("RPO           %d acknowledged writes only at the lost master; %d transactions held, %d released"
                    .formatted(rpoTransactions, held, released));
        }
        lines.add("faults        " + faults);
        lines.add("writes        %d acknowledged (%d a second), %d refused, %d unknown, %s missing"
                .formatted(acknowledged, writesPerSecond, refused, unknown, shown(missing)));
        lines.add("regions       %s, %s rows, %s adoptions".formatted(equality(), shown(rows), shown(adoptions)));
        lines.add("seed          " + seed);
        return List.copyOf(lines);
    }

    private String rto() {
        if (rtoMillis.size() <= FEW) {
            return joined(rtoMillis);
        }
        Distribution all =
                Distribution.of(rtoMillis.stream().map(Duration::ofMillis).toList());
        return "%d changes of master: median %d, p99 %d, longest %d"
                .formatted(rtoMillis.size(), all.median(), all.p99(), all.max());
    }

    private String equality() {
        return regionsEqual == null ? "not compared" : regionsEqual ? "equal" : "NOT EQUAL";
    }

    private static String joined(List<Long> millis) {
        return String.join(", ", millis.stream().map(String::valueOf).toList());
    }

    private static String shown(@Nullable Number number) {
        return number == null ? "-" : number.toString();
    }
}

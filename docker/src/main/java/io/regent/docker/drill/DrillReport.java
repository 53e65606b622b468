package io.regent.docker.drill;

import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.report.result.Distribution;
import io.regent.docker.lab.report.result.MasterChange;
import io.regent.docker.lab.report.result.MasterChanges;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
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
 * @param rpoTransactions what a lost master alone had: the recovery point, in transactions, each of them held or released
 * @param held how many of these wait for a decision
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

    static DrillReport of(DrillRun run, History history, Findings findings) {
        Optional<Verdict> verdict = findings.verdict();
        return new DrillReport(
                run.drill().name(),
                findings.faults().isEmpty(),
                findings.faults(),
                run.kind().label(),
                run.mysql(),
                run.settings().seed(),
                millis(findings.movePauses()),
                run.drill().changes() == FinalCheck.ANY_CHANGES ? unplanned(findings) : millis(findings.failovers()),
                findings.injected().size(),
                findings.stranded(),
                findings.held(),
                findings.released(),
                history.count(Outcome.ACKNOWLEDGED),
                history.count(Outcome.REFUSED),
                history.count(Outcome.UNKNOWN),
                rate(history),
                verdict.map(Verdict::missing).orElse(null),
                verdict.map(Verdict::adoptions).orElse(null),
                verdict.map(Verdict::regionsEqual).orElse(null),
                verdict.map(Verdict::rows).orElse(null));
    }

    /** Where nobody planned a change, every change tells how long it took. */
    private static List<Long> unplanned(Findings findings) {
        return findings
                .evidence()
                .map(evidence -> new MasterChanges(evidence, findings.originNanos()).of(findings.plannedEpochs()))
                .orElse(List.of())
                .stream()
                .map(MasterChange::pauseMillis)
                .toList();
    }

    private static List<Long> millis(List<Duration> pauses) {
        return pauses.stream().map(Duration::toMillis).toList();
    }

    private static long rate(History history) {
        LongSummaryStatistics ends = history.since(0).stream()
                .filter(Write::isAcknowledged)
                .mapToLong(Write::endNanos)
                .summaryStatistics();
        long nanos = ends.getCount() == 0 ? 0 : ends.getMax() - ends.getMin();
        return nanos == 0 ? 0 : Math.round(ends.getCount() * 1e9 / nanos);
    }

    /** A few lines for the terminal. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!movePauseMillis.isEmpty()) {
            lines.add("move          " + joined(movePauseMillis) + " ms without writes");
        }
        if (!rtoMillis.isEmpty()) {
            lines.add("RTO           " + rto() + " ms without writes");
            lines.add("RPO           %d transactions only at the lost master: %d held, %d released"
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

package io.regent.docker.demo;

import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.report.result.Distribution;
import io.regent.docker.lab.step.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark measured, as JSON. What was not reached is null.
 *
 * @param bench what was measured: {@code move}, {@code failover} or {@code crash}
 * @param ok whether everything is as promised; a slow run is, unless bounds were given
 * @param reasons what is not
 * @param seed of everything that the clients chose
 * @param rounds how often it was done
 * @param writesPerSecond what the clients aimed at
 * @param millis the write pauses, from the last OK at the old master to the first OK at the new one, over all clients
 * @param acknowledged writes that a server said OK to
 * @param missing acknowledged writes that are neither everywhere nor accounted for
 * @param stranded transactions that only a killed master had
 * @param adoptions e-mails that belong to another user than the one they were written for
 * @param regionsEqual whether all rows of all tables are the same in all regions
 */
record BenchReport(
        String bench,
        boolean ok,
        List<String> reasons,
        long seed,
        int rounds,
        int writesPerSecond,
        @Nullable Distribution millis,
        long acknowledged,
        @Nullable Long missing,
        long stranded,
        @Nullable Long adoptions,
        @Nullable Boolean regionsEqual) {
    static BenchReport of(String bench, PlaySettings settings, History history, Findings findings) {
        List<Duration> pauses = pauses(findings);
        Optional<Verdict> verdict = findings.verdict();
        return new BenchReport(
                bench,
                findings.faults().isEmpty(),
                findings.faults(),
                settings.seed(),
                pauses.size(),
                settings.rate(),
                pauses.isEmpty() ? null : Distribution.of(pauses),
                history.count(Outcome.ACKNOWLEDGED),
                verdict.map(Verdict::missing).orElse(null),
                findings.stranded(),
                verdict.map(Verdict::adoptions).orElse(null),
                verdict.map(Verdict::regionsEqual).orElse(null));
    }

    /** For how long nobody could write, each time. */
    static List<Duration> pauses(Findings findings) {
        List<Duration> pauses = new ArrayList<>(findings.movePauses());
        pauses.addAll(findings.failovers());
        return pauses;
    }

    /** A few lines for the terminal. */
    List<String> lines() {
        Distribution spread = millis;
        return List.of(
                spread == null
                        ? "nothing was measured"
                        : "%s, %d rounds: without writes for %d ms at least, median %d, p99 %d, at most %d"
                                .formatted(bench, rounds, spread.min(), spread.median(), spread.p99(), spread.max()),
                "writes %d acknowledged (%d a second asked for), %s missing, %d stranded, %s adoptions; seed %d"
                        .formatted(
                                acknowledged,
                                writesPerSecond,
                                missing == null ? "?" : missing,
                                stranded,
                                adoptions == null ? "?" : adoptions,
                                seed));
    }
}

package io.regent.docker.lab.report;

import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.report.result.Distribution;
import io.regent.docker.lab.report.result.DrillResult;
import io.regent.docker.lab.report.result.MasterChange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures of results as every report shows them. */
final class Figures {
    /** Heads of {@link #row}. */
    static final List<String> HEADS = List.of(
            "drill",
            "result",
            "s",
            "moves: pause ms",
            "failovers: RTO ms",
            "RPO ms",
            "stranded",
            "acknowledged",
            "unknown",
            "missing",
            "seed");

    private static final String NONE = "-";

    private Figures() {}

    /** One drill. */
    static List<String> row(DrillResult result) {
        List<DrillResult> one = List.of(result);
        return List.of(
                result.run().name(),
                outcome(result),
                seconds(result.run().tookMillis()),
                spread(DrillResult.pause(one)),
                spread(DrillResult.recoveryTime(one)),
                spread(DrillResult.recoveryPoint(one)),
                Long.toString(result.stranded()),
                Long.toString(result.counts().acknowledged()),
                Long.toString(result.counts().unknown()),
                result.findings().isEmpty()
                        ? NONE
                        : Long.toString(result.counts().missing()),
                Long.toString(result.run().seed()));
    }

    /** All drills together. */
    static List<String> total(List<DrillResult> results) {
        long failed = results.stream().filter(result -> !result.passed()).count();
        return List.of(
                "all",
                failed == 0 ? "passed" : failed + " of " + results.size() + " FAILED",
                seconds(results.stream()
                        .mapToLong(one -> one.run().tookMillis())
                        .sum()),
                spread(DrillResult.pause(results)),
                spread(DrillResult.recoveryTime(results)),
                spread(DrillResult.recoveryPoint(results)),
                Long.toString(results.stream().mapToLong(DrillResult::stranded).sum()),
                Long.toString(results.stream()
                        .mapToLong(one -> one.counts().acknowledged())
                        .sum()),
                Long.toString(results.stream()
                        .mapToLong(one -> one.counts().unknown())
                        .sum()),
                Long.toString(results.stream()
                        .mapToLong(one -> one.counts().missing())
                        .sum()),
                NONE);
    }

    static String outcome(DrillResult result) {
        return result.passed() ? "passed" : "FAILED";
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }

    /** One number if there was one measurement, else the percentiles. */
    static String spread(Optional<Distribution> spread) {
        return spread.map(one -> one.min() == one.max()
                        ? Long.toString(one.max())
                        : "p50 %d, p99 %d, max %d".formatted(one.median(), one.p99(), one.max()))
                .orElse(NONE);
    }

    /** What the checkers say of an invariant, in a few words. */
    static String verdict(Finding finding) {
        if (finding.holds()) {
            return "holds";
        }
        return finding.violations() > 0 ? "VIOLATED " + finding.violations() + " times" : "NOTHING EXAMINED";
    }

    /** A change of master in a sentence. */
    static String change(MasterChange change) {
        String stranded = change.stranded().writes() == 0
                ? "nothing stranded"
                : change.stranded().writes() + " acknowledged writes stranded, the first "
                        + change.stranded().millis() + " ms before the last";
        return "epoch %d: %s -> %s, %s at %s s, %d ms without writes, %s"
                .formatted(
                        change.epoch(),
                        change.from(),
                        change.to(),
                        change.planned() ? "moved" : "failed over",
                        seconds(change.atMillis()),
                        change.pauseMillis(),
                        stranded);
    }
}

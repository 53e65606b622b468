package io.regent.docker.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;

/**
 * One line of what was measured, Regent beside MySQL's own replication.
 *
 * @param shape what the transactions are like
 * @param mode {@code drain}: transactions a second out of a backlog; {@code steady}: milliseconds from commit to visible,
 *     of which ninety-nine of a hundred are as fast
 * @param order which commit order the link keeps; the replica keeps order too, but beside {@code free}
 * @param durable whether every commit is flushed to disk
 * @param regent what Regent came to: the median of its rounds
 * @param nativeBest what MySQL's replica came to with the number of workers that served it best
 * @param nativeWorkers that number
 * @param ratio Regent's figure by the replica's: above one is faster in {@code drain}, slower in {@code steady}
 * @param unit of both figures
 * @param rate transactions a second that were written, beats included, in {@code steady}
 * @param cpu seconds of processor time for a thousand transactions, in {@code drain}
 * @param lags all of them, in {@code steady}
 */
@JsonInclude(Include.NON_NULL)
record LinkResult(
        String shape,
        String mode,
        String order,
        boolean durable,
        double regent,
        double nativeBest,
        int nativeWorkers,
        double ratio,
        String unit,
        @Nullable Double rate,
        @Nullable Cpu cpu,
        @Nullable Lags lags) {
    /**
     * Seconds of processor time for a thousand transactions.
     *
     * @param link of the process in which the link runs
     * @param regentTarget of the mysqld that it feeds
     * @param nativeTarget of the mysqld that is a replica
     */
    record Cpu(double link, double regentTarget, double nativeTarget) {}

    /** Both sides' spread. */
    record Lags(Lag regent, Lag replica) {}

    /** A line of the table. */
    String line() {
        return "%-28s %-7s %-8s %10.1f %10.1f (%2d)  %5.2f  %s%s"
                .formatted(shape, mode, order, regent, nativeBest, nativeWorkers, ratio, unit, rest());
    }

    private String rest() {
        if (cpu != null) {
            return "; CPU s per 1000: link %.2f + mysqld %.2f, replica's mysqld %.2f"
                    .formatted(cpu.link(), cpu.regentTarget(), cpu.nativeTarget());
        }
        return lags == null
                ? ""
                : "; p50/p99.9 %.1f/%.1f, replica %.1f/%.1f at %.0f a second"
                        .formatted(
                                lags.regent().p50(),
                                lags.regent().p999(),
                                lags.replica().p50(),
                                lags.replica().p999(),
                                rate);
    }

    /** What stands above the lines. */
    static String head() {
        return "%-28s %-7s %-8s %10s %15s  %5s  %s"
                .formatted("shape", "mode", "order", "Regent", "native (workers)", "ratio", "unit");
    }
}

package io.regent.sql.preflight;

import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes until a target has executed what its master had executed a moment ago, measured again and again.
 *
 * @param samples milliseconds, the shortest first; a sample that was given up counts with the time until then
 * @param givenUp how many were not caught up with in time
 * @param masterMillis a query to the master and back, at best
 * @param targetMillis a query to the target and back, at best
 */
public record CatchUp(List<Double> samples, int givenUp, double masterMillis, double targetMillis) {
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int TRIPS = 5;

    /** Copies the list. */
    public CatchUp {
        samples = List.copyOf(samples);
    }

    /**
     * Measures.
     *
     * @param master sessions of the OBSERVE account
     * @param target sessions of the OBSERVE account
     * @param time for how long; at least one sample is taken
     */
    public static CatchUp measure(Sessions master, Sessions target, Duration time) throws SQLException {
        try (Connection here = master.program("regent-rehearse").open();
                Connection there = target.program("regent-rehearse")
                        .socketTimeout(LONGEST.multipliedBy(2))
                        .open()) {
            double masterMillis = roundTrip(here);
            double targetMillis = roundTrip(there);
            List<Double> samples = new ArrayList<>();
            int givenUp = 0;
            long end = System.nanoTime() + time.toNanos();
            do {
                long begun = System.nanoTime();
                String executed =
                        Statements.text(here, "SELECT @@global.gtid_executed").orElse("");
                boolean caughtUp = Statements.text(
                                there, "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)", executed, LONGEST.toSeconds())
                        .filter("0"::equals)
                        .isPresent();
                samples.add(millis(System.nanoTime() - begun));
                givenUp += caughtUp ? 0 : 1;
                LockSupport.parkNanos(BETWEEN.toNanos());
            } while (System.nanoTime() < end);
            Collections.sort(samples);
            return new CatchUp(samples, givenUp, masterMillis, targetMillis);
        }
    }

    private static double roundTrip(Connection session) throws SQLException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIPS; i++) {
            long begun = System.nanoTime();
            Statements.execute(session, "DO 0");
            least = Math.min(least, System.nanoTime() - begun);
        }
        return millis(least);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    /** The middle one. */
    public double median() {
        return samples.get(samples.size() / 2);
    }

    /** The longest. */
    public double max() {
        return samples.get(samples.size() - 1);
    }
}

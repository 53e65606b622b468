package io.regent.docker.bench;

import java.sql.SQLException;
import java.util.List;

/**
 * How long commits took to be seen at a target, in milliseconds.
 *
 * @param p50 half were as fast or faster
 * @param p99 ninety-nine of a hundred
 * @param p999 nine hundred and ninety-nine of a thousand
 */
record Lag(double p50, double p99, double p999) {
    private static final double NANOS = 1e6;

    /**
     * Of what was seen.
     *
     * @throws SQLException if not all was
     */
    static Lag of(List<Long> nanos, int written) throws SQLException {
        if (nanos.size() < written || nanos.isEmpty()) {
            throw new SQLException("of " + written + " beats only " + nanos.size() + " were seen");
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        return new Lag(rank(sorted, 0.5), rank(sorted, 0.99), rank(sorted, 0.999));
    }

    private static double rank(List<Long> sorted, double part) {
        int at = (int) Math.ceil(sorted.size() * part) - 1;
        return Math.round(sorted.get(Math.max(0, at)) / NANOS * 10) / 10.0;
    }
}

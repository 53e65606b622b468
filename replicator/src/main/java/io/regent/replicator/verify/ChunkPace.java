package io.regent.replicator.verify;

import java.time.Duration;

/**
 * How many rows are read in one snapshot: as many as take about half a second, whatever a row weighs, so that no server has to
 * keep old versions of rows for long.
 */
final class ChunkPace {
    private static final long AIM_NANOS = Duration.ofMillis(500).toNanos();
    private static final int FIRST = 1000;
    private static final int LEAST = 20;

    private final int most;
    private int rows;

    /** @param most never more than these, at least 1 */
    ChunkPace(int most) {
        this.most = most;
        this.rows = Math.min(most, FIRST);
    }

    /** How many the next one has. */
    int rows() {
        return rows;
    }

    /** Learns how long the last one took. */
    void took(long nanos) {
        if (nanos > AIM_NANOS) {
            rows = (int) Math.max(Math.min(most, LEAST), rows * (double) AIM_NANOS / nanos);
        } else if (nanos < AIM_NANOS / 2) {
            rows = (int) Math.min(most, rows * 2L);
        }
    }
}

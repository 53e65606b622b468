package io.regent.docker.lab.report.result;

import io.regent.docker.lab.history.History;
import io.regent.docker.lab.sample.Sample;
import io.regent.sql.session.WriteState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What each region did, in equal steps of time.
 *
 * @param stepMillis length of a step
 * @param regions name to its steps, in the order of the cluster
 */
public record Timeline(long stepMillis, Map<String, List<Step>> regions) {
    private static final int MOST_STEPS = 600;
    private static final long SHORTEST_MILLIS = 100;
    private static final long HOLDS_MILLIS = 2000;

    /**
     * One step of one region. What was seen holds until the next sight, for at most {@value #HOLDS_MILLIS} ms.
     *
     * @param acknowledged how many writes it acknowledged
     * @param state the last write state that was seen of it; null if it was not seen
     * @param lacking the most transactions that it was seen to lack
     */
    public record Step(long acknowledged, @Nullable WriteState state, long lacking) {}

    private static final class Cell {
        private long acknowledged;
        private @Nullable Sample last;
        private long lacking;

        private void see(Sample sample) {
            last = sample;
            lacking = Math.max(lacking, sample.lacking());
        }

        private Step step() {
            return new Step(acknowledged, last == null ? null : last.state(), lacking);
        }
    }

    /**
     * Tells it from what was recorded; what lies outside is left out.
     *
     * @param regions in the order of the cluster
     * @param originNanos when the drill began, as {@link System#nanoTime}
     * @param length how long it took
     */
    public static Timeline of(
            List<String> regions, History history, List<Sample> samples, long originNanos, Duration length) {
        long step = Math.max(SHORTEST_MILLIS, (length.toMillis() + MOST_STEPS - 1) / MOST_STEPS);
        int steps = (int) (length.toMillis() / step + 1);
        Map<String, List<Cell>> cells = new LinkedHashMap<>();
        for (String region : regions) {
            List<Cell> row = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                row.add(new Cell());
            }
            cells.put(region, row);
        }
        Grid grid = new Grid(originNanos, Duration.ofMillis(step).toNanos(), cells);
        history.forEach(write -> {
            if (write.isAcknowledged()) {
                grid.at(write.region(), write.endNanos()).ifPresent(cell -> cell.acknowledged++);
            }
        });
        samples.forEach(sample -> grid.at(sample.region(), sample.endNanos()).ifPresent(cell -> cell.see(sample)));
        cells.values().forEach(row -> hold(row, HOLDS_MILLIS / step));
        Map<String, List<Step>> told = new LinkedHashMap<>();
        cells.forEach(
                (region, row) -> told.put(region, row.stream().map(Cell::step).toList()));
        return new Timeline(step, told);
    }

    private static void hold(List<Cell> row, long steps) {
        Sample last = null;
        int seenAt = 0;
        for (int i = 0; i < row.size(); i++) {
            Cell cell = row.get(i);
            if (cell.last != null) {
                last = cell.last;
                seenAt = i;
            } else if (last != null && i - seenAt <= steps) {
                cell.last = last;
                cell.lacking = last.lacking();
            }
        }
    }

    private record Grid(long originNanos, long stepNanos, Map<String, List<Cell>> cells) {
        Optional<Cell> at(String region, long nanos) {
            List<Cell> row = cells.getOrDefault(region, List.of());
            long step = Math.floorDiv(nanos - originNanos, stepNanos);
            return step >= 0 && step < row.size() ? Optional.of(row.get((int) step)) : Optional.empty();
        }
    }

    /** From the beginning of the first step to the end of the last, in milliseconds. */
    public long lengthMillis() {
        return regions.values().stream().mapToInt(List::size).max().orElse(0) * stepMillis;
    }
}

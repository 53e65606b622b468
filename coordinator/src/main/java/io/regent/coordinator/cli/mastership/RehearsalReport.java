package io.regent.coordinator.cli.mastership;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.regent.sql.blocker.Blocker;
import io.regent.sql.preflight.CatchUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a rehearsal of a move found, as JSON shows it.
 *
 * @param preflight the checks
 * @param blockers sessions that would hold the closing up, seen at the beginning or at the end
 * @param behindMillis how long the region takes to execute what the master had: {@code min}, {@code median}, {@code max}
 * @param samples how often that was measured
 * @param givenUp how often it took longer than 10 s
 * @param roundTripMillis from here to {@code master}, {@code target} and {@code zookeeper}, at best
 * @param pauseMillis for how long no region would take writes: {@code least} and {@code most}
 */
record RehearsalReport(
        PreflightReport preflight,
        List<PreflightReport.Session> blockers,
        Map<String, Double> behindMillis,
        int samples,
        int givenUp,
        Map<String, Double> roundTripMillis,
        Map<String, Long> pauseMillis,
        @JsonIgnore List<String> sessions) {

    /** Questions to each that the write pause of a move consists of, counted in the code of closing and opening. */
    private static final int OF_ZOOKEEPER = 7;

    private static final int OF_MASTER = 7;
    private static final int OF_TARGET = 18;

    /** Twice a turn of a loop that has just begun, while a move is ordered. */
    private static final double LOOPS = 100;

    static RehearsalReport of(
            MovePreflight preflight, List<Blocker> blockers, CatchUp catchUp, double zookeeperMillis) {
        double talk = OF_ZOOKEEPER * zookeeperMillis
                + OF_MASTER * catchUp.masterMillis()
                + OF_TARGET * catchUp.targetMillis();
        return new RehearsalReport(
                PreflightReport.of(preflight, false),
                blockers.stream().map(PreflightReport::session).toList(),
                Map.of(
                        "min", rounded(catchUp.samples().get(0)),
                        "median", rounded(catchUp.median()),
                        "max", rounded(catchUp.max())),
                catchUp.samples().size(),
                catchUp.givenUp(),
                Map.of(
                        "master", rounded(catchUp.masterMillis()),
                        "target", rounded(catchUp.targetMillis()),
                        "zookeeper", rounded(zookeeperMillis)),
                Map.of(
                        "least", Math.round(catchUp.median() + talk),
                        "most", Math.round(catchUp.max() + 2 * talk + LOOPS)),
                blockers.stream().map(Blocker::line).toList());
    }

    private static double rounded(double millis) {
        return Math.round(millis * 10) / 10.0;
    }

    /** Whether a move would be made, with nobody waited for or killed. */
    boolean isSmooth() {
        return preflight.isReady() && blockers.isEmpty() && givenUp == 0;
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(preflight.headline()));
        preflight.lines().forEach(line -> lines.add("  " + line));
        lines.add(String.format(
                Locale.ROOT,
                "behind: %.1f ms in the median, %.1f ms at most, in %d samples%s",
                behindMillis.get("median"),
                behindMillis.get("max"),
                samples,
                givenUp == 0 ? "" : "; not caught up within 10 s in " + givenUp));
        lines.add(String.format(
                Locale.ROOT,
                "round trips from here: %.1f ms to the master, %.1f ms to %s, %.1f ms to ZooKeeper",
                roundTripMillis.get("master"),
                roundTripMillis.get("target"),
                preflight.region(),
                roundTripMillis.get("zookeeper")));
        sessions.forEach(
                line -> lines.add("would be waited for, then call the move off or be killed (--kill): " + line));
        if (sessions.isEmpty()) {
            lines.add("no session would be waited for or killed");
        }
        lines.add("write pause: " + pauseMillis.get("least") + " to " + pauseMillis.get("most")
                + " ms, if the coordinators are as far from everything as this machine");
        return lines;
    }
}

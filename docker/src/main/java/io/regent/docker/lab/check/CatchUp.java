package io.regent.docker.lab.check;

import io.regent.docker.lab.fleet.Waiting;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Waits until every region has executed what any of them has, for as long as they get on with it.
 *
 * <p>The goal is what there was at the beginning: the master goes on writing its own probes, which would pass for progress.
 */
public final class CatchUp {
    private static final Duration LOOK = Duration.ofMillis(300);

    private CatchUp() {}

    /**
     * Waits; nobody may write any more.
     *
     * @param stall how long no region may get on before it is given up
     * @return what is lacking in at least one region: nothing if all went well
     * @throws SQLException if a region cannot be read
     */
    public static GtidSet await(Regions regions, Duration stall) throws SQLException {
        GtidSet goal = regions.executed().values().stream().reduce(GtidSet.EMPTY, GtidSet::union);
        GtidSet lacking = lacking(regions, goal);
        long since = System.nanoTime();
        while (!lacking.isEmpty() && System.nanoTime() - since < stall.toNanos()) {
            Waiting.pass(LOOK);
            GtidSet now = lacking(regions, goal);
            if (!now.equals(lacking)) {
                since = System.nanoTime();
            }
            lacking = now;
        }
        return lacking;
    }

    private static GtidSet lacking(Regions regions, GtidSet goal) throws SQLException {
        return goal.subtract(regions.executed().values().stream().reduce(goal, GtidSet::intersect));
    }
}

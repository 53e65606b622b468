package io.regent.failover.simulation;

import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Transactions that one region's server cannot apply, as for a row that is missing there. The links into it stop at them,
 * until operators let them go for the whole cluster.
 */
final class SimRefusals {
    /** In how many runs there are any. */
    private static final double RUNS = 0.35;

    private static final double REFUSED = 0.02;

    private final World world;
    private final boolean any;
    private final Map<Gtid, String> refused = new HashMap<>();
    private final Set<Stop> stops = new LinkedHashSet<>();

    /** A link into a region stopped at a transaction. */
    record Stop(SimMysql target, Gtid gtid) {}

    /** @param knowSkips whether all coordinators know what it is to let one go */
    SimRefusals(World world, boolean knowSkips) {
        this.world = world;
        this.any = world.chance(RUNS) && knowSkips;
    }

    /** A transaction came to be; now and then another region refuses it. */
    void issued(Gtid gtid, String region) {
        if (any && world.mishap(REFUSED)) {
            List<String> others = new ArrayList<>(Simulation.REGIONS);
            others.remove(region);
            refused.put(gtid, others.get(world.pick(others.size())));
        }
    }

    boolean refuses(String region, Gtid gtid) {
        return region.equals(refused.get(gtid));
    }

    void stopped(SimMysql target, Gtid gtid) {
        if (stops.add(new Stop(target, gtid))) {
            world.note(17, () -> target.region + ": a link stops at " + gtid);
        }
    }

    /** Where links stopped, as far as it was not let go and its target still lacks it. */
    List<Stop> stops(GtidSet skipped) {
        stops.removeIf(stop -> stop.target.executed().contains(stop.gtid));
        return stops.stream().filter(stop -> !skipped.contains(stop.gtid)).toList();
    }
}

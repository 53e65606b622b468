package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.adopt.Standstill.Left;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Removes what is left of native replication once the cluster is founded. A channel takes its relay logs along, and they may
 * be the only other copy of what the closed master had: it stays until links have brought all of that to its region.
 */
final class Clearing {
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Standstill standstill;
    private final long deadline;

    /** @param timeout for all that it waits for together, from now on; at most a minute */
    Clearing(Standstill standstill, Duration timeout) {
        this.standstill = standstill;
        Duration wait = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
        this.deadline = System.nanoTime() + wait.toNanos();
    }

    /**
     * Removes the channels.
     *
     * @param cut what the master had executed when it was closed
     * @return those that had to stay, each with what to do
     */
    List<String> run(List<String> regions, GtidSet cut) {
        List<String> notes = new ArrayList<>();
        for (String region : regions) {
            try {
                Left left = standstill.forget(region, cut);
                while (left.isForNow() && System.nanoTime() - deadline < 0) {
                    LockSupport.parkNanos(POLL_NANOS);
                    left = standstill.forget(region, cut);
                }
                if (left.isForNow()) {
                    notes.add(
                            region + " has not executed yet all that the master had when it was closed: its channel of"
                                    + " native replication stays, stopped; run this again when its links have brought that");
                } else if (!left.nothing()) {
                    notes.add(left.why());
                }
            } catch (CliException e) {
                notes.add(e.getMessage() + ": its channel of native replication stays, stopped; run this again");
            }
        }
        return notes;
    }

    /** What the master had executed when it was closed for the founding. */
    static GtidSet firstCut(ClusterState cluster) throws CliException {
        Ended first = cluster.history().get(1L);
        GtidSet cut = first == null ? cluster.master().value().cut() : first.cut();
        if (cut == null || (first == null && cluster.epoch() != 1)) {
            throw new CliException(
                    "what the master had when the cluster was founded is not in ZooKeeper any more (it was"
                            + " founded anew): look at SHOW REPLICA STATUS of each region, and RESET REPLICA ALL where all that"
                            + " it retrieved is executed");
        }
        return cut;
    }
}

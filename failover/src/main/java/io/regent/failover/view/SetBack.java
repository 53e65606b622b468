package io.regent.failover.view;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether ZooKeeper knows less than a MySQL that recorded what ZooKeeper had said: it was restored from an older state, or
 * a look is old. Its history is then not the cluster's. One that has grown since by as much as it was set back is known by
 * what it says of the epoch that the MySQL recorded.
 */
public final class SetBack {
    private SetBack() {}

    /**
     * What the MySQL knows and ZooKeeper does not say, in words; empty if nothing.
     *
     * @param cluster what ZooKeeper says
     * @param recorded what the MySQL recorded of what ZooKeeper said before
     */
    public static String of(ClusterState cluster, Recorded recorded) {
        Master master = cluster.master().value();
        if (recorded.epoch() < master.epoch()) {
            String other = ofAnEnded(cluster.history().get(recorded.epoch()), recorded);
            return other.isEmpty() ? ofVerdicts(master, recorded) : other;
        }
        if (recorded.epoch() > master.epoch()) {
            return "epoch " + recorded.epoch() + ", where ZooKeeper says " + master.epoch();
        }
        if (!recorded.region().equals(master.region())) {
            return "epoch " + recorded.epoch() + " of " + recorded.region() + ", where ZooKeeper says "
                    + master.region();
        }
        GtidSet cut = recorded.cut();
        GtidSet said = master.cut() == null ? GtidSet.EMPTY : master.cut();
        if (cut != null && !cut.equals(said)) {
            return "another history of epoch " + recorded.epoch() + " than ZooKeeper";
        }
        return ofVerdicts(master, recorded);
    }

    /** A cut that was ever in {@code /master} is in what ended its epoch. */
    private static String ofAnEnded(@Nullable Ended ended, Recorded recorded) {
        boolean told = ended != null
                && !ended.region().equals(Ended.UNKNOWN)
                && !recorded.region().isEmpty();
        if (ended == null || !told) {
            return "";
        }
        if (!recorded.region().equals(ended.region())) {
            return "epoch " + recorded.epoch() + " of " + recorded.region() + ", where ZooKeeper says "
                    + ended.region();
        }
        GtidSet cut = recorded.cut();
        return cut == null || (ended.cut() != null && cut.equals(ended.cut()))
                ? ""
                : "another history of epoch " + recorded.epoch() + " than ZooKeeper";
    }

    private static String ofVerdicts(Master master, Recorded recorded) {
        return recorded.settledVerdicts() > master.verdict()
                ? "verdict " + recorded.settledVerdicts() + ", where ZooKeeper knows " + master.verdict()
                : "";
    }
}

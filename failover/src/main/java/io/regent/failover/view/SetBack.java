package io.regent.failover.view;

import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Master;
import io.regent.sql.gtid.GtidSet;

/**
 * Whether ZooKeeper knows less than a MySQL that recorded what ZooKeeper had said: it was restored from an older state, or
 * a look is old. Its history is then not the cluster's.
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
        if (recorded.epoch() > master.epoch()) {
            return "epoch " + recorded.epoch() + ", where ZooKeeper says " + master.epoch();
        }
        if (recorded.epoch() == master.epoch() && !recorded.region().equals(master.region())) {
            return "epoch " + recorded.epoch() + " of " + recorded.region() + ", where ZooKeeper says "
                    + master.region();
        }
        GtidSet cut = recorded.cut();
        GtidSet said = master.cut() == null ? GtidSet.EMPTY : master.cut();
        if (recorded.epoch() == master.epoch() && cut != null && !cut.equals(said)) {
            return "another history of epoch " + recorded.epoch() + " than ZooKeeper";
        }
        return recorded.settledVerdicts() > master.verdict()
                ? "verdict " + recorded.settledVerdicts() + ", where ZooKeeper knows " + master.verdict()
                : "";
    }
}

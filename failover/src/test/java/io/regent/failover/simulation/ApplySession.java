package io.regent.failover.simulation;

import io.regent.failover.history.SourceEpoch;
import io.regent.sql.gtid.GtidSet;

/**
 * A session that applies in a mysqld. It can outlive the process that opened it.
 *
 * @param owner the start of the coordinator that opened it
 * @param source the region it brings from
 * @param epoch the epoch it registered under
 * @param incarnation the incarnation it registered under
 * @param gtids what its COMMIT brings
 * @param empty which of these it brings without their changes
 * @param basis what its link went by
 */
record ApplySession(
        Object owner, String source, long epoch, long incarnation, GtidSet gtids, GtidSet empty, Basis basis) {
    /**
     * What a link went by.
     *
     * @param said what the source had said of where it lives
     * @param knowsOpening whether the target knew that the master had opened
     */
    record Basis(SourceEpoch said, boolean knowsOpening) {}

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

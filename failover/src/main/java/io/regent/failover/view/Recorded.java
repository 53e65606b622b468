package io.regent.failover.view;

import io.regent.failover.model.Master;
import io.regent.sql.gtid.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * The newest epoch that the own MySQL knows.
 *
 * @param epoch its number, 0 if none was ever recorded
 * @param region its master
 * @param cut its cut, or null if not recorded yet
 * @param openedEpoch the last epoch in which this MySQL was opened, 0 if in none
 * @param settledVerdicts number up to which every verdict is stored and settled here
 * @param had what this MySQL had executed of the verdict after those when it stored it, or null if it has not yet
 */
public record Recorded(
        long epoch,
        String region,
        @Nullable GtidSet cut,
        long openedEpoch,
        long settledVerdicts,
        @Nullable GtidSet had) {
    /** What a new server knows. */
    public static final Recorded NOTHING = new Recorded(0, "", null, 0, 0);

    /** With no verdict stored that is not settled. */
    public Recorded(long epoch, String region, @Nullable GtidSet cut, long openedEpoch, long settledVerdicts) {
        this(epoch, region, cut, openedEpoch, settledVerdicts, null);
    }

    /** The same with the next verdict stored. */
    public Recorded withHad(GtidSet ofNextVerdict) {
        return new Recorded(epoch, region, cut, openedEpoch, settledVerdicts, ofNextVerdict);
    }

    /** Whether this server lives in exactly the epoch that is given, with its cut. */
    public boolean isUpTo(Master master) {
        return epoch == master.epoch() && (cut != null || master.cut() == null);
    }
}

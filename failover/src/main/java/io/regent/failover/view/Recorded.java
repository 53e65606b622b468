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
 */
public record Recorded(long epoch, String region, @Nullable GtidSet cut, long openedEpoch, long settledVerdicts) {
    /** What a new server knows. */
    public static final Recorded NOTHING = new Recorded(0, "", null, 0, 0);

    /** Whether this server lives in exactly the epoch that is given, with its cut. */
    public boolean isUpTo(Master master) {
        return epoch == master.epoch() && (cut != null || master.cut() == null);
    }
}

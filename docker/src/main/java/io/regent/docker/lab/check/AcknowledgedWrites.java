package io.regent.docker.lab.check;

import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Every acknowledged write is executed in every region and not void, or it stands in the list of stranded transactions
 * as held or released. What does neither is <em>missing</em>: it was lost in silence.
 */
public final class AcknowledgedWrites {
    private AcknowledgedWrites() {}

    /**
     * Looks for what is missing.
     *
     * @param acknowledged what the clients were told
     * @param regions where it must be
     * @param list what is accounted for otherwise
     * @return the GTIDs that are missing
     */
    public static GtidSet missing(GtidSet acknowledged, Regions regions, List<Held> list) throws SQLException {
        GtidSet everywhere = acknowledged;
        for (GtidSet executed : regions.executed().values()) {
            everywhere = everywhere.intersect(executed);
        }
        GtidSet present = everywhere.subtract(regions.voided());
        return acknowledged
                .subtract(present)
                .subtract(HeldList.of(list, Held.HELD))
                .subtract(HeldList.of(list, Held.RELEASED));
    }
}

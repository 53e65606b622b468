package io.regent.replicator.transaction;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** The GTIDs of all binlog files before one, the second event of each file. */
public final class PreviousGtids {
    private static final int FORMAT_SHIFT = 56;

    private PreviousGtids() {}

    /**
     * Reads one (MySQL source, {@code Gtid_set::encode}: number of uuids, then each with the number of its intervals and
     * those, whose ends are not in them; the highest byte of the number tells another format, which has tags).
     *
     * @throws UncarriableException if there are tagged GTIDs in it
     */
    public static GtidSet parse(BinlogEvent event) {
        ByteBuffer body = event.body();
        long uuids = body.getLong();
        if (uuids >>> FORMAT_SHIFT != 0) {
            throw new UncarriableException("the binlog holds tagged GTIDs, which not every region can store");
        }
        GtidSet all = GtidSet.EMPTY;
        for (long i = 0; i < uuids; i++) {
            body.order(ByteOrder.BIG_ENDIAN);
            UUID uuid = new UUID(body.getLong(), body.getLong());
            body.order(ByteOrder.LITTLE_ENDIAN);
            long intervals = body.getLong();
            for (long j = 0; j < intervals; j++) {
                long first = body.getLong();
                all = all.union(GtidSet.of(Tsid.of(uuid), new Interval(first, body.getLong() - 1)));
            }
        }
        return all;
    }
}

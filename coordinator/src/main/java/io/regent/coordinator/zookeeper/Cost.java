package io.regent.coordinator.zookeeper;

import io.regent.failover.history.LossStatement;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.Mastership;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the beginning of an epoch cost, {@code /costs/EPOCH}: its master writes it after it has opened, and adds what turns
 * out later as long as it is master. Nothing is decided by it. Epochs that an earlier version began have none, and earlier
 * versions do not look at it.
 *
 * @param epoch its number
 * @param openedAt when its master opened, ISO 8601, by the clock of its MySQL
 * @param pauseMillis no region took writes for at most so long before; null if that is not known
 * @param lost all that was ever seen to lie outside its history, be it void by now or not
 * @param holders which region was seen to hold how much of it
 * @param holes gaps in the cut it began with
 */
public record Cost(
        long epoch,
        String openedAt,
        @Nullable Long pauseMillis,
        GtidSet lost,
        SortedMap<String, GtidSet> holders,
        GtidSet holes) {
    /** Copies the map. */
    public Cost {
        holders = Collections.unmodifiableSortedMap(new TreeMap<>(holders));
    }

    /** Of what its master wrote down, and what is known now to be left behind. */
    public static Cost of(Mastership began, LossStatement loss) {
        return new Cost(
                began.epoch(),
                began.openedAt().toString(),
                began.pause().map(Duration::toMillis).orElse(null),
                loss.lost(),
                loss.holders(),
                loss.holes());
    }

    /** The same with what was found before. */
    Cost and(Cost before) {
        SortedMap<String, GtidSet> all = new TreeMap<>(before.holders);
        holders.forEach((region, set) -> all.merge(region, set, GtidSet::union));
        return new Cost(epoch, openedAt, pauseMillis, lost.union(before.lost), all, holes.union(before.holes));
    }
}

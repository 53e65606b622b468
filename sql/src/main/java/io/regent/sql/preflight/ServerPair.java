package io.regent.sql.preflight;

import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The master's server and the target's of a move. Pure.
 *
 * @param absence how long a region may be away without having to be rebuilt
 */
public record ServerPair(ServerSight master, ServerSight target, Duration absence) {
    /**
     * All that stands against a move or should be known before it.
     *
     * @param others what every other region has executed, by name
     */
    public List<Concern> concerns(Map<String, GtidSet> others) {
        List<Concern> all = new ArrayList<>(VariableRules.compare(master, target));
        all.addAll(SlotRules.compare(master, target));
        all.addAll(Accounts.of(master).compare(Accounts.of(target)));
        all.addAll(PastReadOnly.compare(master, target));
        all.addAll(CarriageConcerns.of(master, target, absence));
        others.forEach((region, executed) -> {
            GtidSet purged = target.state().gtidPurged().subtract(executed);
            if (!purged.isEmpty()) {
                all.add(Concern.error(
                        target.region() + " has purged " + purged.count() + " transactions that " + region + " lacks",
                        region + " may have to be rebuilt"));
            }
        });
        return all;
    }
}

package io.regent.failover.model;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What operators want of the automation, {@code /policy}. Fences know nothing of it: a lease that is not renewed closes
 * its MySQL whatever stands here.
 *
 * @param paused why nothing is to be taken over or given up by itself; null if it is
 * @param maintenance regions that are not to become master, by name
 * @param maxStranded how many transactions a failover may strand, as far as is known, without an operator's order; null if
 *     any number
 * @param holdOff how long a silent master is waited for
 */
public record Policy(
        @Nullable String paused,
        List<String> maintenance,
        @Nullable Long maxStranded,
        HoldOff holdOff) {
    /** Everything by itself. */
    public static final Policy NONE = new Policy(null, List.of(), null, HoldOff.STANDARD);

    /** No operator ever wanted anything. */
    public static final Znode<Policy> UNSAID = new Znode<>(NONE, -1);

    /** Copies the list. */
    public Policy {
        maintenance = List.copyOf(maintenance);
    }

    /** Whether this region is not to become master. */
    public boolean spares(String region) {
        return maintenance.contains(region);
    }

    /** The same, paused for this reason; not paused if it is null. */
    public Policy withPaused(@Nullable String reason) {
        return new Policy(reason, maintenance, maxStranded, holdOff);
    }

    /** The same, with this region in maintenance or not. */
    public Policy withMaintenance(String region, boolean on) {
        TreeSet<String> next = new TreeSet<>(maintenance);
        if (on) {
            next.add(region);
        } else {
            next.remove(region);
        }
        return new Policy(paused, new ArrayList<>(next), maxStranded, holdOff);
    }

    /** The same with another limit; any number if it is null. */
    public Policy withMaxStranded(@Nullable Long most) {
        return new Policy(paused, maintenance, most, holdOff);
    }

    /** The same with other hold-offs. */
    public Policy withHoldOff(HoldOff next) {
        return new Policy(paused, maintenance, maxStranded, next);
    }
}

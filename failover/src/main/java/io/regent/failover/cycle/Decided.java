package io.regent.failover.cycle;

import io.regent.failover.action.Decision;
import io.regent.failover.timing.Moment;
import io.regent.failover.view.RegionView;
import org.jspecify.annotations.Nullable;

/**
 * What was made of a look at the own MySQL.
 *
 * @param view what was seen and remembered
 * @param at the moment that it was judged at
 * @param region what is to be done for the own region
 * @param cluster what is to be done for the cluster; null if that was not asked, for there is something to do at home or
 *     ZooKeeper was not looked at anew
 */
public record Decided(
        RegionView view,
        Moment at,
        Decision region,
        @Nullable Decision cluster) {
    /** The one whose actions are performed, if it has any. */
    public Decision last() {
        return cluster == null ? region : cluster;
    }
}

package io.regent.replicator.link;

import io.regent.replicator.apply.Guard;
import io.regent.replicator.order.Admission;
import io.regent.replicator.order.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * Under which terms a link may commit.
 *
 * @param guard what its sessions register with at the target; null where no mastership is: then nobody raises guards,
 *     and the source is not asked for its epoch
 * @param admission what of the source's transactions belongs to history
 */
public record Terms(@Nullable Guard guard, Admission admission) {
    /** The terms of a link between regions without mastership. */
    public static Terms withoutMastership(Delivery delivery) {
        return new Terms(null, mark -> delivery);
    }
}

package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.view.LocalState;
import org.jspecify.annotations.Nullable;

/** Does nothing before it is known what {@code /master} is. */
class Knowing implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        if (now.view().memory().unsure()) {
            return now.act(
                    "reads back what became of its attempt",
                    new ReadBack(now.view().coordinator()));
        }
        if (now.view().cluster() == null) {
            return now.rest("waits: ZooKeeper does not answer");
        }
        LocalState local = now.local();
        if (local != null && local.recorded().epoch() > now.master().epoch()) {
            return now.rest("refuses: ZooKeeper says epoch " + now.master().epoch() + ", its MySQL knows "
                    + local.recorded().epoch());
        }
        return null;
    }
}

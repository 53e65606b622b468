package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.ReadBack;
import io.regent.failover.action.ZookeeperAction.Withdraw;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.SetBack;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does nothing before it is known what {@code /master} is, and nothing by one that was set back. */
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
        String newer = local == null ? "" : setBack(now, local);
        return local == null || newer.isEmpty() ? null : refuse(now, local, newer);
    }

    String setBack(Situation now, LocalState local) {
        return SetBack.of(now.cluster(), local.recorded());
    }

    /**
     * ZooKeeper's word is withdrawn for everybody, so that no region opens by it that knows no better; by
     * compare-and-set, which fails where only the look was old. A server that ZooKeeper does not know as this region's
     * says nothing about it.
     */
    private static Decision refuse(Situation now, LocalState local, String newer) {
        String why = "refuses: its MySQL knows " + newer + ". It was set back (a restored copy?), if this lasts";
        boolean known = now.local() != null
                && now.cluster()
                        .origin(now.region())
                        .equals(Optional.of(now.local().uuid()));
        if (!known || !now.view().duty().active()) {
            return now.rest(why);
        }
        long epoch = Math.max(now.master().epoch(), local.recorded().epoch());
        String refused = "it was set back: the MySQL of " + now.region() + " knows " + newer
                + ". Nobody opens by it: bring its newest state back, or 'dbctl init --adopt-epoch'";
        return now.act(why, new Withdraw(now.masterNode(), epoch, refused));
    }
}
